"""The text of attached files: PDF, Word, Excel, OpenDocument, RTF, and ZIP archives of these.

Files come from anywhere, so they are read in a process with limits: `extractor.Extractor`. `extracting.extract` does the same in the
process of its caller. Both return a `file_text.FileText`. No module here uses the database, Scrapy or the network.
"""
