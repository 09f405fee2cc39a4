// Progressive enhancement only: every page works as plain links and forms without these files.
import { startAutosave } from "./autosave.js";
import { followJob } from "./job.js";
import {
  focusErrorSummary, guardUnsaved, keepExclusive, openPartsWhenWide, preventDoubleSubmit, selectAll,
} from "./page.js";
import { followSelection } from "./redact.js";

focusErrorSummary();
openPartsWhenWide();
keepExclusive();
for (const form of document.querySelectorAll("form[data-autosave]")) startAutosave(form);
for (const form of document.querySelectorAll("form:not([data-autosave])")) preventDoubleSubmit(form);
for (const form of document.querySelectorAll("form[data-guard]")) guardUnsaved(form);
for (const box of document.querySelectorAll("[data-select-all]")) selectAll(box);
for (const element of document.querySelectorAll("[data-job-url]")) followJob(element);
for (const form of document.querySelectorAll("[data-redact-form]")) followSelection(form);
