import sys

from rag.training.train import main

sys.exit(main())
