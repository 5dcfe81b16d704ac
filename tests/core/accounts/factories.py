"""Valid people and organisations; a test sets only what matters to it."""

from datetime import date

import factory

from core.accounts.models import Membership, Organization, OrganizationProfile, Role, User

PASSWORD = "correct-horse-battery"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"사람{n}")
    password = factory.django.Password(PASSWORD)


class OrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"주식회사 보기{n}")
    registration_number = "123-45-67890"
    representative = "김대표"
    address = "서울특별시 중구 세종대로 110"
    website = "https://www.example.org"
    contact_department = "개인정보보호팀"
    contact_phone = "02-1234-5678"
    contact_email = "privacy@example.org"
    contact_hours = "평일 09:00~18:00"


class ProfileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrganizationProfile

    organization = factory.SubFactory(OrganizationFactory)
    effective_on = date(2011, 1, 1)
    is_icsp = True


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)
    role = Role.HANDLER
    may_take_out = True
