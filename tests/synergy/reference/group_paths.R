# cd tests/synergy/reference && Rscript group_paths.R > group_paths.json
# lavaan 0.6-14: paths by school with equal loadings, Wald test, and the test against pooled paths.
suppressMessages(library(lavaan))
d <- read.csv("../../golden/data/holzinger_swineford_1939.csv")
meas <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\n"
out <- list()
for (est in c("ML", "MLR")) {
  f <- sem(paste0(meas, "speed ~ c(a1, a2)*visual + c(b1, b2)*textual"), d, group = "school", group.equal = "loadings", estimator = est)
  p <- sem(paste0(meas, "speed ~ c(a, a)*visual + c(b, b)*textual"), d, group = "school", group.equal = "loadings", estimator = est)
  w <- lavTestWald(f, "a1 == a2\nb1 == b2"); l <- lavTestLRT(f, p)
  e <- parameterEstimates(f); e <- e[e$label %in% c("a1", "a2", "b1", "b2"), ]
  n <- lavInspect(f, "nobs"); V <- lavInspect(f, "cov.lv")
  pool <- function(v) sum(n * c(V[[1]][v, v], V[[2]][v, v])) / sum(n)
  out[[est]] <- list(groups = lavInspect(f, "group.label"), label = e$label, est = e$est, se = e$se,
    wald = c(w$stat, w$df, w$p.value), lrt = c(l[2, "Chisq diff"], l[2, "Df diff"], l[2, "Pr(>Chisq)"]),
    scale = sqrt(c(pool("visual"), pool("textual")) / pool("speed")))
}
cat(jsonlite::toJSON(out, digits = 12, auto_unbox = TRUE))
