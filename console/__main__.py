"""`python -m console` is `madoguchi`."""

from console.cli.main import main

if __name__ == "__main__":
    main()
