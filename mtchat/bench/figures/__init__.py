"""From samples to what is said of them: estimators, one summary, the report, the picture, two runs compared."""
