"""`python -m crmplus`: the command line."""

import sys

from crmplus.command import main

if __name__ == "__main__":
    sys.exit(main())
