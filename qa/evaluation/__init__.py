"""How right the answers are, on questions whose answers are known. Import from the modules.

gold.py reads the questions, check.py tells what is wrong with them, run.py asks them and keeps a row of each (row.py),
folder.py records a run; figures.py says what is measured on a row, whole.py what on all of them together, summary.py
sums up, failures.py says why a row counts as wrong; report.py shows it, publish.py writes it; gate.py holds promises
against it, compare.py sets two runs side by side. Definitions: docs/metrics.md.
"""
