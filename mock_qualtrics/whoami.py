"""Whose credential a call carries (Q-AUTH-5): what clients ask before they export."""

from mock_qualtrics.tenants.tenant import Tenant


def describe(tenant: Tenant) -> dict[str, str]:
    """Return what whoami's ``result`` says of a tenant's user."""
    return {
        "brandId": tenant.brand_id,
        "userId": tenant.user_id,
        "userName": tenant.username,
        "accountType": "UT_BRANDADMIN",
        "firstName": "Rehearsal",
        "lastName": "User",
        "email": tenant.username.partition("#")[0],
        "datacenter": "iad1",
    }
