# Rscript tests/measurement/reference/wave_invariance.R > tests/measurement/reference/wave_invariance.json
# Invariance over three waves of one sample, some of whom left: semTools writes the models, lavaan fits them.
# The data (waves.csv) are drawn with y2's intercept .6 higher in wave 2 and y5's loading half as large in wave 3.
suppressMessages({library(lavaan); library(semTools); library(jsonlite)})
d <- read.csv("tests/measurement/reference/waves.csv")
f <- function(k) paste0("f_", k, " =~ ", paste0("y", 1:3, "_", k, collapse = " + "),
                        "\nh_", k, " =~ ", paste0("y", 4:6, "_", k, collapse = " + "))
m <- paste(sapply(1:3, f), collapse = "\n")
long <- list(f = paste0("f_", 1:3), h = paste0("h_", 1:3))
inds <- sapply(paste0("y", 1:6), function(y) paste0(y, "_", 1:3), simplify = FALSE)
fit <- function(equal, partial = "") {
  syntax <- as.character(measEq.syntax(m, data = d, ID.fac = "std.lv", longFacNames = long, longIndNames = inds,
                                       auto = "all", long.equal = equal, long.partial = paste(partial, collapse = "\n"), meanstructure = TRUE))
  lavaan(syntax, d, estimator = "MLR", missing = "fiml", meanstructure = TRUE)
}
lo <- "loadings"; sc <- c(lo, "intercepts"); st <- c(sc, "residuals")
l5 <- "h =~ y5"; i5 <- "y5 ~ 1"; i2 <- "y2 ~ 1"
fits <- list(configural = fit(""), metric = fit(lo), metric_y5 = fit(lo, l5), scalar = fit(sc, c(l5, i5)),
             scalar_y2 = fit(sc, c(l5, i5, i2)), strict = fit(st, c(l5, i5, i2)))
below <- c(NA, "configural", "configural", "metric_y5", "metric_y5", "scalar_y2")
rows <- lapply(seq_along(fits), function(i) {
  x <- as.list(fitMeasures(fits[[i]], c("df", "chisq", "cfi.robust", "rmsea.robust", "srmr")))
  if (!is.na(below[i])) {
    test <- lavTestLRT(fits[[below[i]]], fits[[i]])
    x$chisq_diff <- test[2, "Chisq diff"]; x$df_diff <- test[2, "Df diff"]; x$pvalue <- test[2, "Pr(>Chisq)"]
  }
  lapply(x, as.numeric)
})
names(rows) <- names(fits)
e <- parameterEstimates(fits$strict)
latent <- e[e$lhs %in% unlist(long) & (e$op == "~1" | (e$op == "~~" & e$lhs == e$rhs)), c("lhs", "op", "est", "se")]
cat(toJSON(list(lavaan = as.character(packageVersion("lavaan")), semTools = as.character(packageVersion("semTools")),
                rows = rows, latent = latent), auto_unbox = TRUE, digits = 12, pretty = TRUE), "\n")
