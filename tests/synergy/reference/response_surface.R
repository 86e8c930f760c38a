# Rscript response_surface.R > response_surface.json
# Base R: response surface features with symbolic derivatives (deriv) and the Wald test by matrix algebra.
b <- c(b1 = .21, b2 = .13, b3 = -.08, b4 = .19, b5 = -.05)
L <- matrix(c(.05, .01, .002, -.004, .001, 0, .06, .003, .005, -.002, 0, 0, .04, -.012, .006,
              0, 0, 0, .05, -.013, 0, 0, 0, 0, .045), 5)
V <- L %*% t(L)
features <- list(a1 = ~ b1 + b2, a2 = ~ b3 + b4 + b5, a3 = ~ b1 - b2, a4 = ~ b3 - b4 + b5, a5 = ~ b3 - b5,
  p11 = ~ (b5 - b3 + sqrt((b3 - b5)^2 + b4^2)) / b4,
  p10 = ~ (b1 * b4 - 2 * b2 * b3) / (4 * b3 * b5 - b4^2) -
    (b5 - b3 + sqrt((b3 - b5)^2 + b4^2)) / b4 * (b2 * b4 - 2 * b1 * b5) / (4 * b3 * b5 - b4^2))
delta <- function(f) {
  d <- eval(deriv(f, names(b)), as.list(b)); g <- attr(d, "gradient")
  c(as.numeric(d), sqrt(g %*% V %*% t(g)))
}
line <- function(w) c(sum(w * b), sqrt(w %*% V %*% w))
C <- rbind(c(0, 0, 1, 1, 0), c(0, 0, 0, 1, 1))
gap <- C %*% b; W <- as.numeric(t(gap) %*% solve(C %*% V %*% t(C)) %*% gap)
cat(jsonlite::toJSON(list(b = unname(b), V = V, features = lapply(features, delta),
  high_low = line(c(1, -1, 1, -1, 1)), low_high = line(c(-1, 1, 1, -1, 1)),
  kappa = line(c(0, 0, -.25, .5, -.25)), wald = c(W, 2, pchisq(W, 2, lower.tail = FALSE))), digits = 15, auto_unbox = TRUE))
