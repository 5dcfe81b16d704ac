from django.urls import path

from incidents.views import (
    awareness,
    cases,
    clocks,
    decisions,
    drafts,
    explaining,
    facts,
    history,
    members,
    procedure,
    tasks,
)

app_name = "incidents"

urlpatterns = [
    path("", cases.case_list, name="case-list"),
    path("export.csv", cases.case_export, name="case-export"),
    path("open/", cases.open_case, name="open-case"),
    path("tasks/", tasks.task_list, name="task-list"),
    path("drafts/<str:form>/", drafts.draft, name="draft"),
    path("drafts/<str:form>/discard/", drafts.discard_draft, name="discard-draft"),
    path("<str:reference>/", cases.case_overview, name="case-overview"),
    path("<str:reference>/intake/", cases.case_intake, name="case-intake"),
    path("<str:reference>/members/", members.case_members, name="case-members"),
    path("<str:reference>/members/<int:user_id>/leave/", members.leave_case, name="leave-case"),
    path("<str:reference>/describe/", cases.describe_case, name="describe-case"),
    path("<str:reference>/phase/", cases.advance_phase, name="advance-phase"),
    path("<str:reference>/close/", cases.close_case, name="close-case"),
    path("<str:reference>/reopen/", cases.reopen_case, name="reopen-case"),
    path("<str:reference>/clocks/", clocks.case_clocks, name="case-clocks"),
    path("<str:reference>/clocks/add/", clocks.add_deadline, name="add-deadline"),
    path("<str:reference>/clocks/awareness/", awareness.contested_awareness, name="contested-awareness"),
    path("<str:reference>/clocks/awareness/add/", awareness.claim_awareness, name="claim-awareness"),
    path(
        "<str:reference>/clocks/awareness/<int:pk>/withdraw/",
        awareness.withdraw_claim,
        name="withdraw-awareness-claim",
    ),
    path(
        "<str:reference>/clocks/awareness/<int:pk>/adopt/",
        awareness.adopt_claim,
        name="adopt-awareness-claim",
    ),
    path("<str:reference>/clocks/procedure/", procedure.case_procedure, name="case-procedure"),
    path("<str:reference>/clocks/procedure/add/", procedure.choose_step, name="choose-step"),
    path("<str:reference>/clocks/procedure/add/<str:kind>/", procedure.record_step, name="record-step"),
    path("<str:reference>/clocks/procedure/<int:pk>/correct/", procedure.correct_step, name="correct-step"),
    path(
        "<str:reference>/clocks/procedure/<int:pk>/withdraw/", procedure.withdraw_step, name="withdraw-step"
    ),
    path("<str:reference>/clocks/not-due/", explaining.not_due, name="not-due"),
    path("<str:reference>/clocks/what-if/", explaining.what_if, name="what-if"),
    path(
        "<str:reference>/clocks/open/<str:question>/", decisions.decide_open_point, name="decide-open-point"
    ),
    path(
        "<str:reference>/clocks/open/<str:question>/withdraw/",
        decisions.withdraw_decision,
        name="withdraw-decision",
    ),
    path("<str:reference>/clocks/<int:pk>/", clocks.deadline, name="deadline"),
    path("<str:reference>/clocks/<int:pk>/explain/", explaining.explain_deadline, name="explain-deadline"),
    path("<str:reference>/clocks/<int:pk>/fulfil/", clocks.fulfil_deadline, name="fulfil-deadline"),
    path("<str:reference>/clocks/<int:pk>/dismiss/", clocks.dismiss_deadline, name="dismiss-deadline"),
    path("<str:reference>/clocks/<int:pk>/reopen/", clocks.reopen_deadline, name="reopen-deadline"),
    path("<str:reference>/facts/", facts.case_facts, name="case-facts"),
    path("<str:reference>/facts/<str:which>/", facts.change_fact, name="change-fact"),
    path("<str:reference>/facts/<str:which>/history/", facts.fact_history, name="fact-history"),
    path("<str:reference>/tasks/", tasks.case_tasks, name="case-tasks"),
    path("<str:reference>/tasks/add/", tasks.add_task, name="add-task"),
    path("<str:reference>/tasks/<int:pk>/take/", tasks.take_task, name="take-task"),
    path("<str:reference>/tasks/<int:pk>/finish/", tasks.finish_task, name="finish-task"),
    path("<str:reference>/tasks/<int:pk>/skip/", tasks.skip_task, name="skip-task"),
    path("<str:reference>/history/", history.case_history, name="case-history"),
    path("<str:reference>/history/add/", history.add_entry, name="add-entry"),
]
