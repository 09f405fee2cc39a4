"""``python -m ethiek.cli``: the same as the ``ethiek`` command."""

from ethiek.cli import main

if __name__ == "__main__":
    main()
