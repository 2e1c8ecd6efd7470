"""Towns: places, time, money and the people who live there. Nothing here does I/O."""
