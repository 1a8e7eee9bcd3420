# The Python tests, one ctest a module. A test of the tree fails when a module is missing here.
execute_process(
  COMMAND ${PROJECT_SOURCE_DIR}/setup.sh --python
  OUTPUT_VARIABLE DLAB_PYTHON OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

# dlab_python_test(NAME LABEL MODULE [OPTION...]): the module's path is from tests/.
function(dlab_python_test name label module)
  add_test(NAME ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
           COMMAND ${DLAB_PYTHON} -m pytest -q -p no:cacheprovider tests/${module} ${ARGN})
  # ctest begins with what costs most. These take seconds, the C++ tests fill up the rest. pytest ends
  # with 5 where a whole module is skipped, for want of a program that the tests need.
  set_tests_properties(
    ${name} PROPERTIES TIMEOUT 1500 LABELS ${label} COST 1 SKIP_RETURN_CODE 5
    ENVIRONMENT
    "DLAB_BIN=${CMAKE_BINARY_DIR}/bin;DLAB_NO_TURN=1;PYTHONDONTWRITEBYTECODE=1;MPLBACKEND=Agg")
endfunction()

function(dlab_python_tests label)
  foreach(module ${ARGN})
    string(REGEX REPLACE "\\.py$" "" name ${module})
    dlab_python_test(${name} ${label} ${module})
  endforeach()
endfunction()

# dlab_page_tests(MODULE PAGE...): the module tests each page by itself.
function(dlab_page_tests module)
  foreach(page ${ARGN})
    string(REGEX REPLACE "(/README)?\\.md$" "" name ${page})
    dlab_python_test(pages/${name} pages ${module} --page ${page})
  endforeach()
endfunction()

# Programs run against each other: the best test there is of threads, so TSan runs these too.
dlab_python_tests(threads e2e/test_harness.py e2e/test_part2.py)
dlab_python_tests(
  threads e2e/test_client_models.py e2e/test_hostile.py e2e/test_hostile_pace.py e2e/test_http.py
  e2e/test_http_clients.py e2e/test_models.py e2e/test_part3.py e2e/test_part4.py
  e2e/test_part4_contents.py e2e/test_part4_resume.py e2e/test_part4_server.py
  e2e/test_part4_busy.py e2e/test_part4_secrets.py e2e/test_part4_streams.py e2e/test_part4_trouble.py e2e/test_part4_web.py
  e2e/test_protocol_page.py e2e/test_refusals.py
  e2e/test_reports.py e2e/test_resume.py e2e/test_servers.py e2e/test_sizes.py
  e2e/test_streams.py e2e/test_targets.py e2e/test_terminal.py e2e/test_time_limits.py
  e2e/test_trouble.py)

# Half a minute for each thousand of threads; those of e2e/test_sizes.py do for ThreadSanitizer.
dlab_python_tests(many e2e/test_thousand.py)

# Nothing here has threads of its own.
dlab_python_tests(
  links e2e/test_linkem.py e2e/test_dissector.py e2e/test_http_browser.py e2e/test_limited_by.py
  e2e/test_bench_folders.py e2e/test_homework.py e2e/test_load.py e2e/test_machines.py
  e2e/test_mirrors_bench.py e2e/test_requests.py)

# These would find nothing new in a build with sanitizers.
if(NOT DLAB_SANITIZE)
  dlab_python_tests(
    tree tree/test_arrows.py tree/test_build_files.py tree/test_experiment_keys.py
    tree/test_functions.py tree/test_links.py tree/test_metrics.py
    tree/test_notebook_files.py tree/test_readmes.py tree/test_run_bench.py tree/test_text.py)
  dlab_python_tests(frozen frozen/test_frozen_figures.py frozen/test_frozen_names.py
    frozen/test_frozen_runs.py)
  dlab_python_tests(scripts scripts/test_checkout.py scripts/test_doctor.py
    scripts/test_plots_script.py scripts/test_run_bench_script.py scripts/test_setup.py)
  dlab_python_tests(pages pages/test_fences.py pages/test_reader.py)
  dlab_page_tests(
    pages/test_pages.py README.md part1_single/README.md part2_packets/README.md
    part3_multi/README.md part4_mirrors/README.md linkem/README.md data/README.md
    notebooks/README.md notebooks/sample/README.md docs/wireshark/README.md docs/experiments.md
    docs/instructor.md docs/protocol.md tests/frozen/README.md)
  dlab_python_tests(
    plots plots/test_bad_input.py plots/test_coursework.py plots/test_handin.py
    plots/test_large.py plots/test_notebooks.py plots/test_parallel.py
    plots/test_plots_caption.py plots/test_plots_command.py plots/test_plots_console.py
    plots/test_plots_explain.py
    plots/test_plots_figures.py plots/test_plots_grid.py plots/test_plots_judging.py
    plots/test_plots_links.py plots/test_plots_load.py plots/test_plots_mirrors.py
    plots/test_plots_ratios.py
    plots/test_plots_statistics.py plots/test_plots_tables.py
    plots/test_plots_time.py plots/test_plots_verdicts.py plots/test_report_browser.py
    plots/test_report_page.py plots/test_report_parts.py plots/test_reproduce.py
    plots/test_self_test.py plots/test_theory.py plots/test_theory_report.py
    plots/test_wanted.py)
endif()
