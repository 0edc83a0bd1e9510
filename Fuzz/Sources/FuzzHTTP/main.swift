import FuzzRun

FuzzRun.run(try HTTPTarget())
