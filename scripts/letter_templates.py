#!/usr/bin/env python3
"""Writes the built-in letter templates (templates/letters/*.docx) from their texts (scripts/letters/*.txt).

    scripts/letter_templates.py            write every template
    scripts/letter_templates.py --check    only say which differ from their texts; exit status 1 if any does

Standard library only, and the same text gives the same file. The layout is that of GB/T 9704-2012: A4,
margins 37, 35, 28 and 26 mm, 28 points a line, body in 仿宋 of size 3 (16 points), title in 小标宋 of size 2
(22 points), page numbers as "— 1 —". Fonts are named as offices have them; none is carried along.

A text is read line by line:

    @letter            a paper that goes out: red head where the agency has one, and the number
    @form              a paper for the file: no head
    @opening, @procedure, @operative TEXT, @remedies, @signature, @contact
                       passages that several letters share
    # TEXT             title                     = TEXT   centred          > TEXT   at the right
    - TEXT             without indent            + TEXT   in 黑体           ~        page break
    & TEXT             a paragraph that stays on the page of the next one
    |w 20 80|          columns of the table that follows, in percent
    | a | b |          a row of it; a cell of "<" continues the one before it, "* a" is a heading
    anything else      a paragraph, its first line indented by two characters
"""
import io
import pathlib
import re
import sys
import zipfile
from xml.sax.saxutils import escape

TEXTS = pathlib.Path(__file__).resolve().parent / "letters"
FOLDER = TEXTS.parent.parent / "templates" / "letters"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY, TITLE, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
RED = "E60012"
# Millimetres: top, right, bottom, left. Papers that go out have those of the standard; forms for the file
# are to fit a page.
MARGINS = {"@letter": (37, 26, 35, 28), "@form": (25, 22, 22, 25)}

REGULATION = "《中华人民共和国政府信息公开条例》"

PASSAGES = {
    "@opening": """- {{ 申请人.姓名 }}：
{% if 重新答复 %}
本机关于{{ 重新答复.收到决定或者判决日期|中文日期 }}收到责令重新答复的决定或者判决。{{ 申请人.你 }}于{{ 申请.收到日期|中文日期 }}提出的政府信息公开申请（登记编号：{{ 申请.编号 }}），申请公开的内容为：“{{ 申请.内容 }}”。本机关现重新作出答复。
{% else %}
本机关于{{ 申请.收到日期|中文日期 }}收到{{ 申请人.你 }}提出的政府信息公开申请（登记编号：{{ 申请.编号 }}），申请公开的内容为：“{{ 申请.内容 }}”。
{% endif %}""",
    "@procedure": """{% if (补正 and 补正.收到日期) or 征求意见情况 or 延期 %}
{% if 补正 and 补正.收到日期 %}本机关于{{ 补正.收到日期|中文日期 }}收到{{ 申请人.你 }}的补正材料。{% endif %}{% if 征求意见情况 %}本机关依法书面征求了有关方面的意见。{% endif %}{% if 延期 %}经本机关政府信息公开工作机构负责人同意，答复期限延长{{ 延期.天数 }}个工作日。{% endif %}
{% endif %}""",
    "@remedies": """{% for 段 in 救济.段落 %}
{% if loop.last %}
& {{ 段 }}
{% else %}
{{ 段 }}
{% endif %}
{% endfor %}""",
    "@signature": """&
>2 {{ 机关.名称 }}
>4 {{ 文书.日期|中文日期 }}""",
    "@contact": """（联系人：{% if 机关.联系人 %}{{ 机关.联系人 }}，{% endif %}联系电话：{{ 机关.电话 }}）""",
}


def passage(line):
    """The lines a shared passage stands for."""
    if line.startswith("@operative "):
        # What was drafted, reviewed and signed is the operative text where it cites its law itself;
        # otherwise the standard sentence stands before it.
        standard = line[len("@operative "):].split("\\n")
        return ["{% if not 答复.写明依据 %}", *standard, "{% endif %}",
                "{% for 段 in 答复.内容 %}", "{{ 段 }}", "{% endfor %}"]
    if line in PASSAGES:
        return PASSAGES[line].split("\n")
    return None


def fonts(name):
    return (f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" '
            f'w:eastAsia="{name}" w:hint="eastAsia"/>')


def run(text, font=BODY, size=16, color=None):
    color = f'<w:color w:val="{color}"/>' if color else ""
    return (f'<w:r><w:rPr>{fonts(font)}{color}<w:sz w:val="{size * 2}"/><w:szCs w:val="{size * 2}"/></w:rPr>'
            f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r>')


def paragraph(text, font=BODY, size=16, align="both", indent=0, right=0, line=28, color=None, before="", keep=False):
    ind = ""
    if indent:
        ind = f'<w:ind w:firstLineChars="{indent * 100}" w:firstLine="{indent * size * 20}"/>'
    if right:
        ind = f'<w:ind w:rightChars="{right * 100}" w:right="{right * size * 20}"/>'
    content = run(text, font, size, color) if text else ""
    keep = "<w:keepNext/>" if keep else ""
    mark = f'<w:rPr>{fonts(font)}<w:sz w:val="{size * 2}"/><w:szCs w:val="{size * 2}"/></w:rPr>'
    return (f'<w:p><w:pPr>{keep}{before}<w:spacing w:before="0" w:after="0" w:line="{line * 20}" w:lineRule="exact"/>'
            f'{ind}<w:jc w:val="{align}"/>{mark}</w:pPr>{content}</w:p>')


RULE = f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="6" w:color="{RED}"/></w:pBdr>'


def head():
    return "".join([
        paragraph("{% if 机关.红头 %}"),
        paragraph("{{ 机关.名称 }}", TITLE, 36, "center", line=56, color=RED, before=RULE),
        paragraph("{% endif %}"),
        paragraph("{% if 文书.文号 %}"),
        paragraph("{{ 文书.文号 }}", align="right"),
        paragraph("{% endif %}"),
        paragraph(""),
    ])


def cell(text, width, span):
    is_heading = text.startswith("* ")
    text = text[2:] if is_heading else text
    span = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    # Small letters, and at least a line: a table of a form is filled in, and may grow.
    align = "center" if is_heading else "left"
    pieces = [
        f'<w:p><w:pPr><w:spacing w:before="40" w:after="40" w:line="360" w:lineRule="atLeast"/><w:jc w:val="{align}"/></w:pPr>'
        + (run(piece, HEI if is_heading else BODY, 11 if is_heading else 12) if piece else "") + "</w:p>"
        for piece in text.split("\\n")
    ]
    return (f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}<w:vAlign w:val="center"/></w:tcPr>'
            + "".join(pieces) + "</w:tc>")


def twips(millimetres):
    """Twentieths of a point."""
    return round(millimetres * 1440 / 25.4)


def table(widths, rows, text_width):
    total = sum(widths)
    widths = [text_width * it // total for it in widths]
    border = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
                     for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    xml = [f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{border}</w:tblBorders>'
           '<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>',
           "".join(f'<w:gridCol w:w="{it}"/>' for it in widths), "</w:tblGrid>"]
    for row in rows:
        assert len(row) == len(widths), row
        cells = []
        for text, width in zip(row, widths):
            if text == "<":
                cells[-1][1] += width
                cells[-1][2] += 1
            else:
                cells.append([text, width, 1])
        xml.append('<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="560" w:hRule="atLeast"/></w:trPr>'
                   + "".join(cell(*it) for it in cells) + "</w:tr>")
    xml.append("</w:tbl>")
    return "".join(xml)


def body(text, margins):
    text_width = twips(210 - margins[1] - margins[3])
    lines, kept = [], set()
    for line in text.rstrip("\n").split("\n"):
        if line == "@signature":
            # A signature never stands on a page alone: the last words before it come along.
            last = max(i for i, it in enumerate(lines) if it and not it.startswith("{%"))
            if lines[last - 1] != "{% else %}":
                kept.add(last)
        lines += passage(line) or [line]
    xml, rows, widths = [], [], None
    for i, line in enumerate(lines + [""]):
        if line.startswith("|w "):
            widths = [int(it) for it in line.strip("|w ").split()]
            continue
        if line.startswith("|"):
            # A bar within a tag is a filter, and has no blanks around it.
            rows.append([it.strip() for it in re.split(r"(?<=\s)\|(?=\s)", line.strip()[1:-1])])
            continue
        if rows:
            xml.append(table(widths, rows, text_width))
            rows = []
        if line == "@letter":
            xml.append(head())
        elif line == "@form":
            pass
        elif line == "~":
            xml.append('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
        elif line.startswith("# "):
            xml.append(paragraph(line[2:], TITLE, 22, "center", line=35, keep=True))
            xml.append(paragraph(""))
        elif line.startswith("= "):
            xml.append(paragraph(line[2:], align="center"))
        elif line.startswith("+ "):
            xml.append(paragraph(line[2:], HEI, indent=2, keep=True))
        elif line.startswith("&"):
            xml.append(paragraph(line[2:], indent=2 if line[2:] else 0, keep=True))
        elif line.startswith("- "):
            xml.append(paragraph(line[2:], align="left"))
        elif line.startswith(">"):
            right, text = line[1:].split(" ", 1)
            xml.append(paragraph(text, align="right", right=int(right or 0), keep=right in ("2", "4")))
        else:
            xml.append(paragraph(line, indent=2 if line else 0, keep=i in kept))
    # The empty line that ends the loop above.
    return "".join(xml[:-1])


def document(text):
    margins = MARGINS[text.split("\n", 1)[0]]
    top, right, bottom, left = (twips(it) for it in margins)
    return (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document {W} '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>'
            + body(text, margins) +
            '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
            f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="851" w:footer="{bottom - 567}" w:gutter="0"/>'
            '<w:docGrid w:type="lines" w:linePitch="560"/></w:sectPr></w:body></w:document>')


def footer():
    def field(kind, text=""):
        inner = text or f'<w:fldChar w:fldCharType="{kind}"/>'
        return f'<w:r><w:rPr>{fonts(SONG)}<w:sz w:val="28"/></w:rPr>{inner}</w:r>'
    number = (field("begin") + field("", '<w:instrText xml:space="preserve"> PAGE </w:instrText>')
              + field("separate") + field("", "<w:t>1</w:t>") + field("end"))
    return (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:ftr {W}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>'
            + run("— ", SONG, 14) + number + run(" —", SONG, 14) + "</w:p></w:ftr>")


STYLES = (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>{fonts(BODY)}'
          '<w:kern w:val="2"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
          '<w:pPrDefault/></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
          '<w:pPr><w:widowControl/></w:pPr></w:style></w:styles>')

# Without doNotExpandShiftReturn a line before a soft break is stretched over the whole width.
SETTINGS = (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:settings {W}><w:characterSpacingControl w:val="compressPunctuation"/>'
            '<w:compat><w:doNotExpandShiftReturn/><w:useFELayout/>'
            '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>')

CONTENT_TYPES = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                 '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                 '<Default Extension="xml" ContentType="application/xml"/>'
                 + "".join(f'<Override PartName="/word/{part}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>'
                           for part, kind in (("document", "document.main"), ("styles", "styles"), ("settings", "settings"), ("footer1", "footer")))
                 + "</Types>")


def relationships(*targets):
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    return ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            + "".join(f'<Relationship Id="rId{i}" Type="{base}{kind}" Target="{target}"/>'
                      for i, (kind, target) in enumerate(targets, 1)) + "</Relationships>")


def members(text):
    return {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": relationships(("officeDocument", "word/document.xml")),
        "word/document.xml": document(text),
        "word/_rels/document.xml.rels": relationships(("styles", "styles.xml"), ("settings", "settings.xml"), ("footer", "footer1.xml")),
        "word/styles.xml": STYLES,
        "word/settings.xml": SETTINGS,
        "word/footer1.xml": footer(),
    }


def packed(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main():
    checking = sys.argv[1:] == ["--check"]
    differing = []
    texts = sorted(TEXTS.glob("*.txt"))
    for source in texts:
        parts = members(source.read_text(encoding="utf-8"))
        target = FOLDER / f"{source.stem}.docx"
        if checking:
            # Compared unpacked: how well a library compresses is no difference.
            known = {}
            if target.exists():
                with zipfile.ZipFile(target) as package:
                    known = {it: package.read(it).decode("utf-8") for it in package.namelist()}
            if known != parts:
                differing.append(target.name)
        else:
            target.write_bytes(packed(parts))
    differing += [it.name for it in FOLDER.glob("*.docx") if not (TEXTS / f"{it.stem}.txt").exists()]
    for name in differing:
        print(f"{name} is not what scripts/letter_templates.py makes of its text", file=sys.stderr)
    sys.exit(1 if differing or not texts else 0)


main()
