# Reference values for ordered data: `Rscript reference.R` in this folder writes reference/*.json and reference/*.csv.
# lavaan 0.6-14, R 4.2.2, jsonlite; data: lavaan's HolzingerSwineford1939, psych's bfi, sem's CNES (all public).
suppressMessages({library(lavaan); library(jsonlite)})
dir.create("reference", FALSE)
out <- function(file) file.path("reference", file)
keep <- function(d, file) { write.csv(d, out(file), row.names = FALSE, na = ""); file }
per_group <- function(v) if (is.list(v)) unname(v) else list(v)

case <- function(name, model, data, file, ordered, gamma = "diag", ...) {
  opts <- list(...)
  fit <- suppressWarnings(sem(model, data = data, ordered = ordered, ...))
  pe <- parameterEstimates(fit, standardized = TRUE, remove.nonfree = FALSE, ci = FALSE, zstat = FALSE, pvalue = FALSE)
  ss <- standardizedSolution(fit, ci = FALSE, zstat = FALSE, pvalue = FALSE)
  fm <- unclass(suppressWarnings(fitMeasures(fit)))
  value <- list(
    name = name, model = model, data = file, ordered = I(ordered), options = if (length(opts)) opts else NULL,
    engine = paste0("lavaan ", packageVersion("lavaan"), ", R ", getRversion()),
    nobs = I(lavInspect(fit, "nobs")), npar = lavInspect(fit, "npar"), converged = lavInspect(fit, "converged"),
    group_labels = I(lavInspect(fit, "group.label")), fit = as.list(fm), estimates = pe, standardized = ss,
    ov = lavNames(fit, "ov"), ov_x = I(lavNames(fit, "ov.x")),
    wls_obs = per_group(lavInspect(fit, "wls.obs")),
    gamma = lapply(per_group(lavInspect(fit, "gamma")), function(g) if (gamma == "full") unclass(g) else I(diag(g))))
  write_json(value, out(paste0(name, ".json")), digits = 10, auto_unbox = TRUE, na = "null")
  invisible(fit)
}
lrt <- function(name, cases, ...) {
  t <- suppressWarnings(lavTestLRT(...))
  write_json(list(name = name, cases = cases, table = as.data.frame(t)), out(paste0(name, ".json")), digits = 10,
             auto_unbox = TRUE, na = "null")
}
cut_at <- function(v, p) as.integer(cut(v, quantile(v, c(0, p, 1)), include.lowest = TRUE))

hs <- HolzingerSwineford1939; xs <- paste0("x", 1:9)
cfa3 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
h2 <- hs; for (v in xs) h2[[v]] <- cut_at(hs[[v]], .55); f2 <- keep(h2, "hs_two.csv")
h4 <- hs; for (v in xs) h4[[v]] <- cut_at(hs[[v]], c(.2, .5, .8)); f4 <- keep(h4, "hs_four.csv")
h7 <- hs; for (v in xs) h7[[v]] <- cut_at(hs[[v]], c(.05, .15, .35, .6, .8, .93)); f7 <- keep(h7, "hs_seven.csv")
hm <- hs
for (v in c("x4", "x5", "x6")) hm[[v]] <- cut_at(hs[[v]], c(.3, .7))
for (v in c("x7", "x9")) hm[[v]] <- cut_at(hs[[v]], .4)
fm <- keep(hm, "hs_mixed.csv"); mixed <- c("x4", "x5", "x6", "x7", "x9")
hk <- hs[1:150, ]; for (v in xs) hk[[v]] <- cut_at(hk[[v]], c(.04, .1, .9)); fk <- keep(hk, "hs_skewed.csv")

# Measurement models
case("two_categories", cfa3, h2, f2, xs, estimator = "WLSMV")
case("two_categories_dwls", cfa3, h2, f2, xs, estimator = "DWLS")
case("seven_categories", cfa3, h7, f7, xs, estimator = "WLSMV")
case("four_std_lv", cfa3, h4, f4, xs, estimator = "WLSMV", std.lv = TRUE)
case("mixed", cfa3, hm, fm, mixed, estimator = "WLSMV", gamma = "full")
case("mixed_dwls", cfa3, hm, fm, mixed, estimator = "DWLS")
case("skewed_small", cfa3, hk, fk, xs, estimator = "WLSMV")
case("second_order", paste0(cfa3, "\ng =~ visual + textual + speed"), h4, f4, xs, estimator = "WLSMV")
case("residual_covariance", paste0(cfa3, "\nx2 ~~ x4\nx7 ~~ x8"), h4, f4, xs, estimator = "WLSMV")
case("equal_loadings", "visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + x5 + x6\nratio := a^2", h4, f4, xs, estimator = "WLSMV")
case("ulsmv", cfa3, h4, f4, xs, estimator = "ULSMV")
case("default_estimator", cfa3, h4, f4, xs)
case("free_intercept_by_mean", "visual =~ x1 + x2 + x3\nvisual ~ 0*1\nx1 | t1", h4, f4, c("x1", "x2", "x3"), estimator = "WLSMV")

# Covariates
mimic <- paste0(cfa3, "\nvisual ~ ageyr + sex\ntextual ~ ageyr\nspeed ~ sex")
case("mimic", mimic, h4, f4, xs, estimator = "WLSMV")
case("mimic_dwls", mimic, h4, f4, xs, estimator = "DWLS")
case("mimic_direct", "visual =~ x1 + x2 + x3\nvisual ~ ageyr + sex\nx3 ~ sex", h4, f4, c("x1", "x2", "x3"),
     estimator = "WLSMV", gamma = "full")
case("probit_regression", "x7 ~ ageyr + x1", h2, f2, "x7", estimator = "WLSMV", gamma = "full")
# lavaan's start for a polyserial correlation given covariates far from 0 lies outside ±1, and its optimiser then stays at
# the bound .995: centre the covariate where continuous and ordered variables meet.
hm$age <- hm$ageyr - 13; invisible(keep(hm, fm))
case("mimic_mixed", "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nvisual ~ age\ntextual ~ visual + sex", hm, fm,
     mixed[1:3], estimator = "WLSMV", gamma = "full")
hp <- hm
case("ordered_mediator", "x7 ~ a*age + sex\nx8 ~ b*x7 + c*age\nindirect := a*b", hp, fm, "x7", estimator = "WLSMV",
     gamma = "full")
case("mediated_path", "x4 ~ a*x5 + ageyr\nx9 ~ b*x4 + c*x5\nx5 ~ ageyr\nindirect := a*b", hm, fm, c("x4", "x5", "x9"),
     estimator = "WLSMV")

# Paths among latent variables
paths <- paste0(cfa3, "\ntextual ~ a*visual\nspeed ~ b*textual + c*visual\nindirect := a*b\ntotal := c + a*b")
case("latent_paths", paths, h4, f4, xs, estimator = "WLSMV")
case("latent_to_ordered", "visual =~ x1 + x2 + x3\nx9 ~ visual + sex", hm, fm, "x9", estimator = "WLSMV")
case("constraint", paste0(cfa3, "\ntextual ~ a*visual\nspeed ~ b*visual\na == b"), h4, f4, xs, estimator = "WLSMV")

# Groups
ladder <- list(configural = NULL, loadings = "loadings", thresholds = "thresholds",
               both = c("loadings", "thresholds"), intercepts = c("loadings", "thresholds", "intercepts"),
               strict = c("loadings", "thresholds", "residuals"))
fits <- list()
for (k in names(ladder)) {
  args <- list(name = paste0("school_", k), model = cfa3, data = h4, file = f4, ordered = xs, group = "school",
               estimator = "WLSMV")
  if (!is.null(ladder[[k]])) args$group.equal <- ladder[[k]]
  fits[[k]] <- do.call(case, args)
}
lrt("school_difference", c("school_configural", "school_loadings", "school_both"), fits$configural, fits$loadings, fits$both)
case("school_both_dwls", cfa3, h4, f4, xs, group = "school", estimator = "DWLS", group.equal = c("loadings", "thresholds"))
case("school_both_partial", cfa3, h4, f4, xs, group = "school", estimator = "WLSMV",
     group.equal = c("loadings", "thresholds"), group.partial = c("visual=~x2", "x3|t1"))
case("school_two_loadings", cfa3, h2, f2, xs, group = "school", estimator = "WLSMV", group.equal = "loadings")
case("school_mixed_both", cfa3, hm, fm, mixed, group = "school", estimator = "WLSMV",
     group.equal = c("loadings", "thresholds", "intercepts"))
case("school_mimic", "visual =~ x1 + x2 + x3\nvisual ~ ageyr + sex", h4, f4, c("x1", "x2", "x3"), group = "school",
     estimator = "WLSMV", gamma = "full")
d1 <- case("nested_free", paste0(cfa3, "\ntextual ~ a*visual\nspeed ~ b*visual"), h4, f4, xs, estimator = "WLSMV")
d0 <- case("nested_equal", paste0(cfa3, "\ntextual ~ a*visual\nspeed ~ a*visual"), h4, f4, xs, estimator = "WLSMV")
lrt("nested_difference", c("nested_free", "nested_equal"), d1, d0)

# Real items, six categories, with covariates and holes (listwise)
b <- psych::bfi[1:900, c(paste0("A", 1:5), paste0("C", 1:5), "gender", "age")]; fb <- keep(b, "bfi.csv")
case("bfi_two_factors", "agree =~ A1 + A2 + A3 + A4 + A5\nconsc =~ C1 + C2 + C3 + C4 + C5", b, fb,
     c(paste0("A", 1:5), paste0("C", 1:5)), estimator = "WLSMV")
case("bfi_equal_across_factors", "agree =~ A1 + a*A2 + a*A3 + b*A4 + A5\nconsc =~ C1 + b*C2 + C3", b, fb,
     c(paste0("A", 1:5), paste0("C", 1:3)), estimator = "WLSMV")
case("bfi_mimic", "agree =~ A1 + A2 + A3 + A4 + A5\nagree ~ gender + age", b, fb, paste0("A", 1:5), estimator = "WLSMV")

# Ordered mediators: lavaan's delta parameterisation differentiates as if their residual variances were constant,
# and stops beside the minimum. Its theta parameterisation does not: same model, so same chi-square and same
# standardised solution as ours.
theta <- function(name, model, data, file, ordered) {
  fit <- suppressWarnings(sem(model, data = data, ordered = ordered, estimator = "WLSMV", parameterization = "theta"))
  s <- as.data.frame(standardizedSolution(fit, ci = FALSE, zstat = FALSE, pvalue = FALSE))
  fm <- unclass(fitMeasures(fit))
  write_json(list(name = name, model = model, data = file, ordered = I(ordered), theta = s[s$op == "~", ],
                  fit = as.list(fm[c("chisq", "chisq.scaled", "cfi", "cfi.scaled", "rmsea.scaled")])),
             out(paste0(name, ".json")), digits = 10, auto_unbox = TRUE, na = "null")
}
theta("theta_mediated_path", "x4 ~ x5 + ageyr\nx9 ~ x4 + x5\nx5 ~ ageyr", hm, fm, c("x4", "x5", "x9"))
theta("theta_latent_mediated", "visual =~ x1 + x2 + x3\nx9 ~ visual + age\nx8 ~ x9 + visual + sex", hm, fm, "x9")
theta("theta_chain", "visual =~ x1 + x2 + x3\nx4 ~ visual\nx5 ~ x4\nx6 ~ x5 + visual", hm, fm, c("x4", "x5", "x6"))

# No ordered variables: distribution-free weights (Browne, 1984)
continuous <- function(name, model, ...) {
  opts <- list(...)
  fit <- suppressWarnings(sem(model, data = hs, ...))
  write_json(list(name = name, model = model, data = "hs.csv", ordered = I(character(0)), options = opts,
                  group_labels = I(lavInspect(fit, "group.label")), fit = as.list(unclass(fitMeasures(fit))),
                  estimates = parameterEstimates(fit, standardized = TRUE, remove.nonfree = FALSE, ci = FALSE,
                                                 zstat = FALSE, pvalue = FALSE),
                  standardized = standardizedSolution(fit, ci = FALSE, zstat = FALSE, pvalue = FALSE)),
             out(paste0(name, ".json")), digits = 10, auto_unbox = TRUE, na = "null")
}
invisible(keep(hs, "hs.csv"))
continuous("continuous_dwls", cfa3, estimator = "DWLS")
continuous("continuous_wlsmv", cfa3, estimator = "WLSMV")
continuous("continuous_wlsmv_groups", cfa3, estimator = "WLSMV", group = "school", group.equal = c("loadings", "intercepts"))
continuous("continuous_wlsmv_predictors", paste0(cfa3, "\nvisual ~ ageyr + sex"), estimator = "WLSMV")
continuous("continuous_ulsmv_means", cfa3, estimator = "ULSMV", meanstructure = TRUE)
