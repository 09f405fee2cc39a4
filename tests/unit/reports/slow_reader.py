"""A child that takes its time before it reads what it is given; run by ``test_child_process``."""

import sys
import time

if __name__ == "__main__":
    time.sleep(1.5)
    sys.stdout.write(str(len(sys.stdin.buffer.read())))
