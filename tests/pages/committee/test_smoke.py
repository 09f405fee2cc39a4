from ethiek.domain.workflow import Status
import pytest
PAGES={
 "Sem": ["/commissie","behandeling","rondes/1","advies","advies/goedkeuren","rapport"],
 "Mila": ["/commissie","oordeel","rondes/1","advies","rapport"],
 "Chris": ["/commissie","advies/vaststellen","rondes/1","advies","advies/goedkeuren","rapport"],
 "Noor": ["opmerkingen","rondes/1","advies","rapport"],
}
@pytest.mark.parametrize("status",[Status.SUBMITTED,Status.IN_REVIEW,Status.CHANGES_REQUESTED,Status.ADVISED,Status.AWAITING_SIGNATURE,Status.ARCHIVED])
def test_pages(dossier_in, sign_in, status):
    id_=dossier_in(status)
    out=[]
    for who,urls in PAGES.items():
        b=sign_in(who)
        for u in urls:
            r=b.get(u if u[0]=="/" else f"/dossiers/{id_}/{u}")
            out.append((who,u,r.status_code,len(r.data)))
    bad=[o for o in out if o[2]!=200]
    print(out)
    assert not bad
