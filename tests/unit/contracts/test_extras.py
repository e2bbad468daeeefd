from contracts.extras import missing_extra


def test_a_missing_package_is_named_with_the_line_that_installs_it():
    assert missing_extra("PostgreSQL needs", "psycopg", "postgresql") == (
        "PostgreSQL needs psycopg: install mock-qualtrics[postgresql] "
        "(pip install 'mock-qualtrics[postgresql]')"
    )
