from yansuan.rules import *
