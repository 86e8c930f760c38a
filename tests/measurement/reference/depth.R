# Rscript tests/measurement/reference/depth.R > tests/measurement/reference/depth.json
suppressMessages({library(lavaan); library(semTools); library(psych); library(jsonlite)})
d <- read.csv("tests/sem_postfit/reference/holzinger.csv")
xs <- paste0("x", 1:9); X <- as.matrix(d[, xs]); n <- nrow(X); p <- ncol(X)
cfa3 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"

# ordinal alpha: standardised alpha of polychoric correlations
o <- read.csv("tests/sem_postfit/reference/holzinger_ordinal.csv")
oa <- sapply(list(visual = 1:3, textual = 4:6, speed = 7:9), function(i)
  psych::alpha(unclass(lavCor(o[, xs[i]], ordered = xs[i])), check.keys = FALSE)$total$std.alpha)

# HTMT and HTMT2 (semTools)
h1 <- semTools::htmt(cfa3, d, htmt2 = FALSE); h2 <- semTools::htmt(cfa3, d, htmt2 = TRUE)

# Mardia (as MVN::mvn, with the ML covariance matrix; semTools has n - 1 there) and Henze-Zirkler (the formulas of MVN::hz)
sk <- mardiaSkew(d[, xs]); ku <- mardiaKurtosis(d[, xs])
S <- cov(X) * (n - 1) / n
dif <- scale(X, scale = FALSE); D <- dif %*% solve(S, tol = 1e-25) %*% t(dif); Dj <- diag(D)
Y <- X %*% solve(S) %*% t(X)
Djk <- -2 * t(Y) + matrix(diag(t(Y)), n, 1) %*% matrix(1, 1, n) + matrix(1, n, 1) %*% diag(t(Y))
b <- 1 / sqrt(2) * ((2 * p + 1) / 4)^(1 / (p + 4)) * n^(1 / (p + 4))
HZ <- n * (1 / n^2 * sum(exp(-b^2 / 2 * Djk)) - 2 * (1 + b^2)^(-p / 2) * (1 / n) * sum(exp(-b^2 / (2 * (1 + b^2)) * Dj)) + (1 + 2 * b^2)^(-p / 2))
wb <- (1 + b^2) * (1 + 3 * b^2); a <- 1 + 2 * b^2
mu <- 1 - a^(-p / 2) * (1 + p * b^2 / a + p * (p + 2) * b^4 / (2 * a^2))
si2 <- 2 * (1 + 4 * b^2)^(-p / 2) + 2 * a^(-p) * (1 + 2 * p * b^4 / a^2 + 3 * p * (p + 2) * b^8 / (4 * a^4)) -
  4 * wb^(-p / 2) * (1 + 3 * p * b^4 / (2 * wb) + p * (p + 2) * b^8 / (2 * wb^2))
hzp <- 1 - plnorm(HZ, log(sqrt(mu^4 / (si2 + mu^2))), sqrt(log((si2 + mu^2) / mu^2)))

ma <- list(skewness = sum(D^3) / n^2, df = p * (p + 1) * (p + 2) / 6, kurtosis = sum(Dj^2) / n)
ma$chisq <- n * ma$skewness / 6; ma$p <- pchisq(ma$chisq, ma$df, lower.tail = FALSE)
ma$z <- (ma$kurtosis - p * (p + 2)) * sqrt(n / (8 * p * (p + 2))); ma$kp <- 2 * pnorm(abs(ma$z), lower.tail = FALSE)

map <- psych::vss(cor(X), n = 5, n.obs = n, rotate = "none", plot = FALSE)$map

# bifactor (three groups of three) and second-order: lavaan's loadings, Rodriguez, Reise & Haviland's formulas
index <- function(g, s, f) {
  e <- 1 - g^2 - s^2; sq <- tapply(s, f, sum)^2; tot <- sum(g)^2 + sum(sq) + sum(e)
  list(omega = (sum(g)^2 + sum(sq)) / tot, omega_h = sum(g)^2 / tot, ecv = sum(g^2) / (sum(g^2) + sum(s^2)),
       omega_hs = as.list(sapply(split(seq_along(g), f), function(i) sum(s[i])^2 / (sum(g[i])^2 + sum(s[i])^2 + sum(e[i])))))
}
f <- rep(c("visual", "textual", "speed"), each = 3)
set.seed(1); N <- 500
G <- rnorm(N); GF <- matrix(rnorm(N * 3), N); Z <- sapply(1:9, function(i) .6 * G + c(.5, .6, .4)[(i - 1) %/% 3 + 1] * GF[, (i - 1) %/% 3 + 1] + .5 * rnorm(N))
colnames(Z) <- xs; Z <- round(Z, 4); write.csv(Z, "tests/measurement/reference/bifactor.csv", row.names = FALSE)
bi <- cfa(paste0("g =~ ", paste(xs, collapse = " + "), "\n", cfa3), as.data.frame(Z), std.lv = TRUE, orthogonal = TRUE, estimator = "MLR")
st <- standardizedSolution(bi); lo <- subset(st, op == "=~")
g <- lo$est.std[lo$lhs == "g"]; s <- lo$est.std[lo$lhs != "g"]
fm <- function(x) as.list(fitMeasures(x, c("chisq", "df", "cfi", "rmsea", "srmr")))
ho <- cfa(paste0(cfa3, "\ng =~ visual + textual + speed"), as.data.frame(Z), std.lv = TRUE, estimator = "MLR")
lh <- subset(standardizedSolution(ho), op == "=~"); up <- lh$est.std[lh$lhs == "g"]; first <- lh$est.std[lh$lhs != "g"]
hg <- first * rep(up, each = 3); hs <- first * rep(sqrt(1 - up^2), each = 3)
L2 <- suppressWarnings(reliabilityL2(ho, "g"))
out <- list(versions = paste(sapply(c("lavaan", "semTools", "psych"), function(x) paste(x, packageVersion(x))), collapse = ", "),
  ordinal_alpha = as.list(oa), htmt = h1, htmt2 = h2,
  mardia = ma, semtools = list(skewness = sk[["b1d"]], kurtosis = ku[["b2d"]]),
  hz = list(hz = HZ, p = hzp), map = map,
  bifactor = c(fm(bi), index(g, s, f)), second_order = c(fm(ho), index(hg, hs, f)), reliabilityL2 = as.list(L2))
cat(toJSON(out, auto_unbox = TRUE, digits = 12, pretty = TRUE, matrix = "rowmajor"), "\n")
