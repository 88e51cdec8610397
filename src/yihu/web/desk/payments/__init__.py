"""发放: runs, their bank files, and the accounts they are paid to."""
