# Fits every model of this bundle again with lavaan and compares the estimates with paths.csv.
# Usage: Rscript reproduce.R [MODEL …]   (in the bundle's folder; needs the R package lavaan)
# Names of models from models.csv fit only those; large models with missing values take minutes each.
# Exit status 0: all agree; 1: some do not.

suppressPackageStartupMessages(library(lavaan))

# Difference between two optimisers that stop at their own tolerance, in standard errors; and of the
# standard errors themselves, as a share.
TOLERANCE_ESTIMATE <- 0.001
TOLERANCE_ERROR <- 0.001

models <- read.csv("models.csv", stringsAsFactors = FALSE)
wanted <- commandArgs(trailingOnly = TRUE)
unknown <- setdiff(wanted, models$model)
if (length(unknown) > 0) stop("not in models.csv: ", paste(unknown, collapse = ", "))
if (length(wanted) > 0) models <- models[models$model %in% wanted, ]
ours <- read.csv("paths.csv", stringsAsFactors = FALSE, encoding = "UTF-8")
ours$label[is.na(ours$label)] <- ""

key <- function(frame) {
  # A covariance is the same whichever variable comes first; a definition is known by its name.
  swap <- frame$op == "~~" & frame$lhs > frame$rhs
  paste(ifelse(swap, frame$rhs, frame$lhs), frame$op,
        ifelse(frame$op == ":=", "", ifelse(swap, frame$lhs, frame$rhs)))
}

compare <- function(spec) {
  code <- spec$model
  data <- read.csv(file.path("data", paste0(code, ".csv")))
  syntax <- paste(readLines(file.path("models", paste0(code, ".lavaan")), encoding = "UTF-8"),
                  collapse = "\n")
  fit <- tryCatch(
    suppressWarnings(sem(syntax, data = data, estimator = spec$estimator, missing = spec$missing,
                         baseline = FALSE)),
    error = function(problem) problem)
  if (inherits(fit, "error")) return(list(rows = NULL, verdict = conditionMessage(fit)))
  if (!lavInspect(fit, "converged")) return(list(rows = NULL, verdict = "did not converge in lavaan"))
  theirs <- suppressWarnings(parameterEstimates(fit))
  mine <- ours[ours$model == code, ]
  place <- match(key(mine), key(theirs))
  found <- !is.na(place)
  se <- ifelse(is.na(mine$se) | mine$se == 0, NA, mine$se)
  rows <- data.frame(model = code, lhs = mine$lhs, op = mine$op, rhs = mine$rhs,
                     synergy = mine$est, lavaan = theirs$est[place],
                     synergy_se = mine$se, lavaan_se = theirs$se[place],
                     difference_in_se = abs(mine$est - theirs$est[place]) / se,
                     se_ratio = theirs$se[place] / se)
  worst <- max(c(0, rows$difference_in_se), na.rm = TRUE)
  errors <- max(c(0, abs(rows$se_ratio - 1)), na.rm = TRUE)
  agrees <- all(found) && worst <= TOLERANCE_ESTIMATE && errors <= TOLERANCE_ERROR
  list(rows = rows, agrees = agrees, worst = worst, errors = errors, matched = sum(found),
       verdict = if (!all(found)) paste(sum(!found), "parameters not found in lavaan")
                 else if (agrees) "agrees" else "DIFFERS")
}

everything <- NULL
bad <- 0
for (row in seq_len(nrow(models))) {
  # What is being fitted is told before, so that a long silence has a reason.
  cat(sprintf("%-16s ", models$model[row]))
  flush.console()
  found <- compare(models[row, ])
  if (is.null(found$rows)) {
    cat(found$verdict, "\n", sep = "")
    bad <- bad + 1
    next
  }
  cat(sprintf("%4d parameters, largest difference %.1e SE, of standard errors %.1e: %s\n",
              found$matched, found$worst, found$errors, found$verdict))
  if (!found$agrees) bad <- bad + 1
  everything <- rbind(everything, found$rows)
}
write.csv(everything, "comparison.csv", row.names = FALSE)
cat(sprintf("%d of %d models agree; every estimate side by side: comparison.csv (lavaan %s)\n",
            nrow(models) - bad, nrow(models), as.character(packageVersion("lavaan"))))
quit(status = if (bad > 0) 1 else 0)
