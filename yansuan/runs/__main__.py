"""`python -m yansuan.runs`: compute figures and labs that are not kept as they are today, so that no build has to."""

import sys

from yansuan.base.errors import YansuanError
from yansuan.runs.runs import Runs

if __name__ == "__main__":
    try:
        Runs().prepare()
    except YansuanError as error:
        sys.exit(str(error))
