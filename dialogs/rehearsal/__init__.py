"""The turns and cards of a rehearsal. There is no real session here, and no way to reach one."""
