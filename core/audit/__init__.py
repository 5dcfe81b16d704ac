"""History that cannot be changed unnoticed. Write with `core.audit.services.record`, nowhere else."""
