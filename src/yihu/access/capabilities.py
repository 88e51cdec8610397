"""What can be allowed here. A page, an action, a list, an export or a file names the one of these that it needs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Capability(models.TextChoices):
    """A closed list; which post holds which stands in ``posts.yaml``, what the service may its caller names.

    The area comes on top. Who does a step of a case its procedure says, by post.
    """

    # The desk itself.
    SEE_INBOX = "see_inbox", _("查看待办")
    TRY_POLICY = "try_policy", _("试算政策")

    # Families and their files.
    FIND_FAMILIES = "find_families", _("查找家庭")
    OPEN_FAMILIES = "open_families", _("打开家庭页面")
    # Paying needs the award, not the file that led to it.
    READ_FILES = "read_files", _("查看家庭档案")
    KEEP_FAMILIES = "keep_families", _("登记家庭和家庭变化")
    # What is true is said by those who judge, not by who took the papers in.
    SETTLE_DIFFERENCES = "settle_differences", _("登记核实的情况、认定不一致")
    # Neither of two streets can give a family to the other alone.
    MOVE_FAMILIES = "move_families", _("办理跨街道迁移")
    # What of a family leaves the house, and to whom.
    GIVE_GRANTS = "give_grants", _("授权合作单位查看家庭信息")
    # Whoever pays goes by the holder of the account and its number.
    SEE_IDENTITY_NUMBERS = "see_identity_numbers", _("查看完整的身份证号码")
    # Whoever visits a family calls first.
    SEE_TELEPHONES = "see_telephones", _("查看完整的电话号码")

    # Cases.
    READ_CASES = "read_cases", _("查看案件")
    TAKE_APPLICATIONS = "take_applications", _("接收申请")
    # A doubt may reach anyone; who is told of it writes it down.
    TAKE_OBJECTIONS = "take_objections", _("登记异议")
    ANSWER_OBJECTIONS = "answer_objections", _("答复异议")
    # An opinion is undone by those who judge, not by whoever puts it up.
    SEND_BACK_CASES = "send_back_cases", _("退回案件")
    # Besides those whose step a home visit is.
    GO_ALONG_ON_VISITS = "go_along_on_visits", _("陪同入户")
    # Whoever has the case before him names another applicant.
    CHANGE_APPLICANTS = "change_applicants", _("变更申请人")
    EXTEND_CASES = "extend_cases", _("延长办理期限")
    # Who answers for what the street decides (docs/decisions/0013) may do in its place what nobody there may do.
    STAND_IN_FOR_STREETS = "stand_in_for_streets", _("代街道办理没有人能办的步骤")

    # Records checks.
    READ_CHECKS = "read_checks", _("查看核对")
    ASK_DEPARTMENTS = "ask_departments", _("提请核对")
    # Whoever may end a case ends its questions with it.
    TAKE_BACK_CHECKS = "take_back_checks", _("撤回核对")
    CHASE_DEPARTMENTS = "chase_departments", _("催办没有答复的部门")
    # A file that was not taken is a matter between the desk and the department.
    SETTLE_ANSWER_FILES = "settle_answer_files", _("处理没有采用的答复文件")
    # The service's own work: nobody carries answers in by hand.
    EXCHANGE_FILES = "exchange_files", _("与部门交换文件")

    # Letters.
    READ_LETTERS = "read_letters", _("查看文书")
    DELIVER_LETTERS = "deliver_letters", _("登记送达")
    # Whoever else can deliver need not be told of every letter.
    FOLLOW_UP_LETTERS = "follow_up_letters", _("跟进未送达的文书")

    # Awards.
    SEE_AWARDS = "see_awards", _("查看待遇名册")
    # What was paid before this register began is the district's word.
    LOAD_OPENING_LISTS = "load_opening_lists", _("载入在册名单")
    # Deaths, moves and renunciations end an award without a case.
    END_AWARDS = "end_awards", _("终止待遇")
    # What the calendar alone changes is found by the service's own work, and decided by those who answer for awards.
    PROPOSE_CHANGES = "propose_changes", _("查找到期变动")
    DELIVER_HELP = "deliver_help", _("登记交付")
    DECIDE_PROPOSALS = "decide_proposals", _("办理到期变动")

    # Money.
    SEE_ACCOUNTS = "see_accounts", _("查看收款账户")
    # Whole numbers are for those who take them down, check them, or answer for both.
    SEE_ACCOUNT_NUMBERS = "see_account_numbers", _("查看完整的账号")
    KEEP_ACCOUNTS = "keep_accounts", _("登记收款账户")
    SEE_RUNS = "see_runs", _("查看发放批次")
    # A run pays everybody: who makes it out or checks it must not lose sight of his relative's family.
    SEE_WHOLE_RUNS = "see_whole_runs", _("办理含近亲属家庭的批次")
    # Whoever makes a run and whoever checks it are two people at two posts.
    MAKE_RUNS = "make_runs", _("制作发放批次")
    CHECK_RUNS = "check_runs", _("复核发放批次")
    MAKE_BANK_FILES = "make_bank_files", _("生成银行文件")

    # Watching over it.
    READ_TRAILS = "read_trails", _("查看办理和查阅痕迹")

    # Those who work here.
    SEE_STAFF = "see_staff", _("查看工作人员")
    # Also who left, and who has not been appointed yet.
    SEE_FORMER_STAFF = "see_former_staff", _("查看离任和未任职的人员")
    KEEP_STAFF = "keep_staff", _("管理工作人员和任职")
    DECLARE_OWN_RELATIVES = "declare_own_relatives", _("申报自己的近亲属")
    DECLARE_FOR_OTHERS = "declare_for_others", _("替别人申报近亲属")
