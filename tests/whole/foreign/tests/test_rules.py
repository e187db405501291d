from yansuan.proof.rules import *
