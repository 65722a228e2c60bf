"""`python -m bot.adopting`: the page on adopting."""

import sys

from bot.adopting.page import page

if __name__ == "__main__":
    sys.stdout.write(page())
