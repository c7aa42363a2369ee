"""The site with one address more: what a programmer would write who wants the rows and a line in a table, and no more.

`granian --interface wsgi xinqiao_bench.bare:application`: the same server, framework and middleware as the interface.
"""

from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from xinqiao.site.wsgi import application

__all__ = ["application"]

settings.ROOT_URLCONF = __name__

_SUBJECT = "SELECT id FROM subjects_subject WHERE uscc = %s"
# The rows a report tells of, with all it says of each; what is done with them is left out (`report._BARE`).
_ROWS = """
SELECT f.id, f.item, f.source, f.payload, f.valid_from, f.valid_to, f.delivery, f.line, f.received_on, f.shown_until,
    encode(x.sealed, 'base64'), opened.position, closed.position,
    (SELECT s.standing FROM creditfile_standing s WHERE s.fact = f.id ORDER BY s.id DESC LIMIT 1),
    (SELECT json_agg(json_build_array(a.kind, a.text, a.by, a.at) ORDER BY a.id) FROM creditfile_annotation a
      WHERE a.fact = f.id)
  FROM creditfile_fact f
  JOIN ledger_position opened ON opened.event = f.stored_event
  LEFT JOIN ledger_position closed ON closed.event = f.closed_event
  LEFT JOIN creditfile_secret x ON x.fact_id = f.id
 WHERE f.subject_id = %s AND f.closed_event IS NULL ORDER BY f.item, f.valid_from DESC
"""
_LINE = "INSERT INTO bench_line (subject, told) VALUES (%s, %s)"
MAKE = "CREATE TABLE bench_line (id bigserial PRIMARY KEY, subject bigint, told text, at timestamptz DEFAULT now())"


def bare(request: HttpRequest, uscc: str) -> JsonResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SUBJECT, [uscc])
        subject: Any = cursor.fetchone()[0]
        cursor.execute(_ROWS, [subject])
        rows = cursor.fetchall()
        cursor.execute(_LINE, [subject, f"{len(rows)} rows"])
    return JsonResponse({"rows": rows})


urlpatterns = [path("bare/<str:uscc>", bare), path("", include("xinqiao.site.urls"))]
