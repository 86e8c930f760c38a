# Rscript tests/measurement/reference/group_invariance.R > tests/measurement/reference/group_invariance.json
# Partial invariance over schools by lavaan: the fits and difference tests that the search has to meet.
suppressMessages({library(lavaan); library(jsonlite)})
d <- read.csv("tests/sem_postfit/reference/holzinger.csv")
m <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
f <- function(equal, partial = NULL) cfa(m, d, group = "school", estimator = "MLR", std.lv = TRUE,
                                         group.equal = equal, group.partial = partial)
eq <- c("loadings", "intercepts")
fits <- list(configural = f(""), metric = f("loadings"), scalar = f(eq), x3 = f(eq, "x3~1"),
             x7 = f(eq, c("x3~1", "x7~1")), strict = f(c(eq, "residuals"), c("x3~1", "x7~1")))
below <- c(NA, "configural", "metric", "metric", "metric", "x7")
rows <- lapply(seq_along(fits), function(i) {
  x <- as.list(fitMeasures(fits[[i]], c("df", "chisq", "cfi.robust", "rmsea.robust", "srmr")))
  if (!is.na(below[i])) {
    test <- lavTestLRT(fits[[below[i]]], fits[[i]])
    x$chisq_diff <- test[2, "Chisq diff"]; x$df_diff <- test[2, "Df diff"]; x$pvalue <- test[2, "Pr(>Chisq)"]
  }
  lapply(x, as.numeric)
})
cat(toJSON(list(lavaan = as.character(packageVersion("lavaan")), rows = rows), auto_unbox = TRUE, digits = 12, pretty = TRUE), "\n")
