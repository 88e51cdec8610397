"""The opening balance (在册): awards that were running before this register began, from a workbook or a CSV file."""
