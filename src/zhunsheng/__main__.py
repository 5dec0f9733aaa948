"""`python -m zhunsheng` is the same program as `zhunsheng`."""

from zhunsheng.cli.main import run

if __name__ == "__main__":
    run()
