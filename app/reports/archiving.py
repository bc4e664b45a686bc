"""PDF/A-3 with the report's data inside: what such a file says of itself beyond PDF/UA-1. Knows no page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from xml.sax.saxutils import escape

import pydyf
from weasyprint import Attachment, Document

from app.reports.enclosing import Enclosure

ARCHIVAL = "pdf/a-3a"
_UA = "http://www.aiim.org/pdfua/ns/id/"
# PDF/A wants every property explained that it does not know; that of PDF/UA is one
_CLAIM = f"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="{_UA}" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{_UA}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
_LANGUAGE = """\
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:language><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></dc:language></rdf:Description>
"""
_END = b"</rdf:RDF>"
_DOUBTFUL = b"\r\nendstream"


def attached(enclosure: Enclosure) -> Attachment:
    """Return an enclosure as WeasyPrint takes it, dated so that the same data make the same file."""
    day = datetime.fromisoformat(enclosure.made_on) if enclosure.made_on else None
    return Attachment(
        string=enclosure.content,
        name=enclosure.name,
        description=enclosure.description,
        created=day,
        modified=day,
        relationship="Data",
    )


def complete(pdf: pydyf.PDF, enclosure: Enclosure) -> None:
    """Write the media type of the enclosed file, which WeasyPrint guesses from its name, and count the file once.

    No stream ends with a carriage return, which a reader may take for a part of the line's end and not of the stream.
    """
    for found in pdf.objects:
        extra = getattr(found, "extra", None)
        if extra and extra.get("Type") == "/EmbeddedFile":
            extra["Subtype"] = "/" + enclosure.media_type.replace("/", "#2f")
        if isinstance(found, pydyf.Stream) and found.compress and found.data.endswith(_DOUBTFUL):
            found.compress = False
    pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def introduce(pages: Document, *, archival: bool) -> None:
    """Let the metadata name the language, and in an archival file PDF/UA beside PDF/A."""
    generate: Callable[..., bytes] = pages.metadata.generate_rdf_metadata

    def told(*arguments: object) -> bytes:
        more = _LANGUAGE.format(escape(pages.metadata.lang or "")) + (_CLAIM if archival else "")
        return generate(*arguments).replace(_END, more.encode() + _END)

    pages.metadata.generate_rdf_metadata = told
