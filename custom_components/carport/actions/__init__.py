"""Actions: fields, targets, commands, queries and schedules."""
