"""The one reader of what offices write into sheets, workbooks and text files: nothing is passed over in silence."""
