"""The doors of notices and reports and of the past of a case, all below it."""

from django.urls import path

from notifications.views import as_of, copying, editing, giving, papers

CASE = "cases/<str:reference>/"
PAPER = f"{CASE}papers/<int:number>/"

urlpatterns = [
    path("papers/awaiting/", papers.awaiting_approval, name="awaiting-approval"),
    path(f"{CASE}notices/", papers.notice_tab, name="notice-tab"),
    path(f"{CASE}reports/", papers.report_tab, name="report-tab"),
    path(f"{CASE}notices/", papers.notice_tab, name="case-notices"),
    path(f"{CASE}reports/", papers.report_tab, name="case-reports"),
    path(f"{CASE}history/as-of/", as_of.case_past, name="case-past"),
    path(f"{CASE}history/between/", as_of.case_between, name="case-between"),
    path(f"{CASE}history/who-knew/", as_of.who_knew, name="who-knew"),
    path(f"{CASE}papers/start/", papers.start_paper, name="start-paper"),
    path(PAPER, papers.paper, name="paper"),
    path(f"{PAPER}edit/", editing.edit_paper, name="edit-paper"),
    path(f"{PAPER}check/", editing.lint_paper, name="lint-paper"),
    path(f"{PAPER}compare/", papers.compare_versions, name="compare-versions"),
    path(f"{PAPER}decide/", papers.decide_version, name="decide-version"),
    path(f"{PAPER}versions/<int:version>/", papers.paper_version, name="paper-version"),
    path(f"{PAPER}versions/<int:version>/pdf/", copying.paper_pdf, name="paper-pdf"),
    path(f"{PAPER}versions/<int:version>/give/", giving.record_filing, name="record-filing"),
    path(f"{PAPER}given/<int:pk>/", giving.filing, name="filing"),
]
