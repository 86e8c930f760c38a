# Rscript tests/measurement/reference/common_method.R > tests/measurement/reference/common_method.json
# The CFA marker ladder by lavaan, speed taken as the marker of visual and textual; and an unmeasured factor.
suppressMessages({library(lavaan); library(jsonlite)})
d <- read.csv("tests/sem_postfit/reference/holzinger.csv")
sub <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\n"
f <- function(...) cfa(paste0(..., collapse = "\n"), d, std.lv = TRUE, estimator = "MLR")
v <- function(fit, lhs, op, rhs) { p <- parameterEstimates(fit); p$est[p$lhs == lhs & p$op == op & p$rhs == rhs] }
n <- function(x) format(x, digits = 17)
A <- f(sub, "speed =~ x7 + x8 + x9")
held <- paste0("speed =~ ", paste0(sapply(7:9, function(i) paste0(n(v(A, "speed", "=~", paste0("x", i))), "*x", i)), collapse = " + "), "\n",
  paste0(sapply(7:9, function(i) paste0("x", i, " ~~ ", n(v(A, paste0("x", i), "~~", paste0("x", i))), "*x", i)), collapse = "\n"),
  "\nspeed ~~ 0*visual + 0*textual\n")
B <- f(sub, held)
C <- f(sub, held, "speed =~ m*x1 + m*x2 + m*x3 + m*x4 + m*x5 + m*x6")
U <- f(sub, held, "speed =~ x1 + x2 + x3 + x4 + x5 + x6")
phi <- v(B, "visual", "~~", "textual")
R <- f(sub, held, "speed =~ m*x1 + m*x2 + m*x3 + m*x4 + m*x5 + m*x6", "\nvisual ~~ ", n(phi), "*textual")
L <- f(sub, "g =~ k*x1 + k*x2 + k*x3 + k*x4 + k*x5 + k*x6\ng ~~ 0*visual + 0*textual")
L0 <- f(sub)
fm <- function(x) as.list(fitMeasures(x, c("df", "chisq", "cfi", "rmsea")))
lrt <- function(a, b) { t <- lavTestLRT(a, b); as.list(c(chisq_diff = t[2, "Chisq diff"], df_diff = t[2, "Df diff"], pvalue = t[2, "Pr(>Chisq)"])) }
s <- standardizedSolution(B); u <- standardizedSolution(U)
rel <- function(fac, xs) {
  g <- function(p, l, o) sapply(xs, function(x) p$est.std[p$lhs == ifelse(o == "~~", x, l) & p$op == o & p$rhs == x])
  own <- sum(g(s, fac, "=~"))^2; a <- sum(g(u, fac, "=~"))^2; b <- sum(g(u, "speed", "=~"))^2
  w <- a + b + sum(g(u, "", "~~"))
  list(factor = fac, total = own / (own + sum(g(s, "", "~~"))), substantive = a / w, method = b / w)
}
out <- list(lavaan = as.character(packageVersion("lavaan")), ladder = lapply(list(A, B, C, U, R), fm),
  tests = list(C = lrt(B, C), U = lrt(C, U), R = lrt(R, C)),
  correlation = list(baseline = phi, method = v(C, "visual", "~~", "textual")),
  reliability = list(rel("visual", paste0("x", 1:3)), rel("textual", paste0("x", 4:6))),
  unmeasured = c(list(loading = abs(v(L, "g", "=~", "x1")), se = subset(parameterEstimates(L), lhs == "g" & rhs == "x1")$se), lrt(L0, L)))
cat(toJSON(out, auto_unbox = TRUE, digits = 12, pretty = TRUE), "\n")
