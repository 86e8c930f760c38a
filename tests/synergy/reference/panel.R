# cd tests/synergy/reference && Rscript panel.R > panel.json   (panel.csv: python panel_reference.py > panel.csv)
# lavaan 0.6-14: the random-intercept cross-lagged panel model written out by hand for three waves.
suppressMessages(library(lavaan))
d <- read.csv("panel.csv")
v <- c("S", "R", "C", "PI"); l <- c("s", "r", "c", "p"); t <- 1:3
ri <- paste0("RI", v, " =~ ", sapply(v, function(x) paste0("1*", x, "_", t, collapse = " + ")))
w <- unlist(lapply(v, function(x) paste0("w", x, t, " =~ 1*", x, "_", t, "\n", x, "_", t, " ~~ 0*", x, "_", t)))
reg <- unlist(lapply(2:3, function(k) sapply(1:4, function(i)
  paste0("w", v[i], k, " ~ ", paste0(l[i], l, "*w", v, k - 1, collapse = " + ")))))
pairs <- function(p) unlist(lapply(1:4, function(i) sapply(i:4, function(j) paste0(p(v[i]), " ~~ ", p(v[j])))))
cov <- c(pairs(function(x) paste0("RI", x)), unlist(lapply(t, function(k) pairs(function(x) paste0("w", x, k)))))
means <- paste0(as.vector(outer(v, t, paste, sep = "_")), " ~ 1")
text <- paste(c(ri, w, reg, cov, means, "loop := rs*cr*sc"), collapse = "\n")
one <- function(data, estimator, ...) {
  f <- lavaan(text, data, estimator = estimator, ...)
  e <- parameterEstimates(f); e <- e[!duplicated(e$label) & e$label != "", ]
  list(n = lavInspect(f, "nobs"), chisq = unname(fitMeasures(f, "chisq")), df = unname(fitMeasures(f, "df")),
       label = e$label, est = e$est, se = e$se)
}
cat(jsonlite::toJSON(list(complete = one(na.omit(d), "ML"), fiml = one(d, "MLR", missing = "fiml")), digits = 12, auto_unbox = TRUE))
