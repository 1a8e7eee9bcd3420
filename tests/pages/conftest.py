def pytest_addoption(parser):
    parser.addoption("--page", help="test this page alone, by its path in the project's folder")
