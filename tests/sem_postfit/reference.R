# Rscript reference.R (in this directory): modification indices, residuals, factor scores, difference tests and
# score tests by lavaan, written to reference/*.csv and reference/cases.json. Made with lavaan 0.6-14, R 4.2.2.
suppressMessages({library(lavaan); library(jsonlite)})
out <- "reference"
cases <- list(); tests <- list()

save_data <- function(d, name) {
  write.csv(d, file.path(out, paste0(name, ".csv")), row.names = FALSE, na = "")
  name
}
plain <- function(x) if (is.list(x)) lapply(x, plain) else unclass(x)

case <- function(name, data, data_name, model, ..., standardized = TRUE, scores = TRUE) {
  fit <- suppressWarnings(sem(model, data, ...))
  stopifnot(lavInspect(fit, "converged"))
  mi <- suppressWarnings(modindices(fit))
  res <- list(raw = plain(lavResiduals(fit, type = "raw", zstat = FALSE, se = FALSE, summary = FALSE)))
  cor <- residuals(fit, type = "cor.bentler"); res$cor <- plain(if (lavInspect(fit, "ngroups") == 1) list(cor) else cor)
  if (standardized) {
    z <- residuals(fit, type = "standardized"); res$standardized <- plain(if (lavInspect(fit, "ngroups") == 1) list(z) else z)
  }
  raw <- residuals(fit, type = "raw"); res$raw <- plain(if (lavInspect(fit, "ngroups") == 1) list(raw) else raw)
  fs <- NULL
  if (scores) {
    fs <- lavPredict(fit, method = "regression")
    fs <- plain(if (lavInspect(fit, "ngroups") == 1) list(head(fs, 12)) else lapply(fs, head, 12))
    fs <- lapply(fs, as.data.frame)
  }
  cases[[name]] <<- list(data = data_name, model = model, options = list(...),
    group_labels = lavInspect(fit, "group.label"), observed = lavNames(fit, "ov"),
    modification = as.data.frame(mi), residuals = res, scores = fs)
  invisible(fit)
}
lrt <- function(name, fits, ...) {
  t <- as.data.frame(suppressWarnings(do.call("lavTestLRT", c(unname(fits), list(model.names = names(fits))))))
  tests[[name]] <<- list(models = names(fits), table = t)
}

hs <- HolzingerSwineford1939
cfa3 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
f_hs <- save_data(hs, "holzinger"); f_pd <- save_data(PoliticalDemocracy, "democracy"); f_dg <- save_data(Demo.growth, "growth")
case("cfa_ml", hs, f_hs, cfa3)
case("cfa_means", hs, f_hs, cfa3, meanstructure = TRUE)
case("cfa_std_lv_orthogonal", hs, f_hs, cfa3, std.lv = TRUE, orthogonal = TRUE)
case("cfa_mlr", hs, f_hs, cfa3, estimator = "MLR")
case("cfa_mlm", hs, f_hs, cfa3, estimator = "MLM")
case("cfa_gls", hs, f_hs, cfa3, estimator = "GLS")
case("cfa_uls", hs, f_hs, cfa3, estimator = "ULS", standardized = FALSE)
case("second_order", hs, f_hs, paste0(cfa3, "\ng =~ visual + textual + speed"))
case("single_indicator", hs, f_hs, "f =~ x1 + x2 + x3\ng =~ x4\nf ~ g\nx4 ~~ .3*x4")
case("labelled", hs, f_hs, "visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + b*x5 + x6\nspeed =~ x7 + x8 + x9\nb == a*1.2")
case("fixed_covariance", hs, f_hs, paste0(cfa3, "\nvisual ~~ 0*textual\nx1 ~~ .2*x2"))
mimic <- paste0(cfa3, "\nvisual + textual ~ sex + agemo\nx9 ~ sex")
case("mimic", hs, f_hs, mimic)
case("mimic_means", hs, f_hs, mimic, meanstructure = TRUE)
case("path", hs, f_hs, "x4 ~ x1 + agemo\nx7 ~ x4")
case("path_means", hs, f_hs, "x4 ~ x1 + agemo\nx7 ~ x4", meanstructure = TRUE)
case("path_from_outcome_to_predictor", hs, f_hs, "x4 ~ x1 + agemo\nx7 ~ x4 + sex\nx1 ~~ 0*sex\nx9 ~ x7")
case("mimic_latent_chain", hs, f_hs, paste0(cfa3, "\nvisual + textual ~ sex\nspeed ~ visual + grade"), standardized = FALSE)
case("saturated_covariances", hs, f_hs, "x1 ~~ x2\nx2 ~~ x3\nx1 ~~ 0*x3", scores = FALSE)
case("observed_outcome", hs, f_hs, "visual =~ x1 + x2 + x3\nx9 ~ visual\nx8 ~ x9 + sex")
bollen <- "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem65 =~ y5 + y6 + y7 + y8
dem60 ~ ind60\ndem65 ~ ind60 + dem60\ny1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny8 ~~ y4\ny6 ~~ y8"
case("bollen", PoliticalDemocracy, f_pd, bollen)
gm <- "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + 2*t3 + 3*t4\ni ~ x1 + x2\ns ~ x1 + x2
t1 ~ 0*1\nt2 ~ 0*1\nt3 ~ 0*1\nt4 ~ 0*1\ni ~ 1\ns ~ 1"
case("growth", Demo.growth, f_dg, gm)
steps <- list(configural = NULL, metric = "loadings", scalar = c("loadings", "intercepts"),
              strict = c("loadings", "intercepts", "residuals"))
for (est in c("ML", "MLR", "MLM")) {
  fits <- list()
  for (k in names(steps)) {
    args <- list(name = paste0("school_", k, "_", tolower(est)), data = hs, data_name = f_hs, model = cfa3,
                 group = "school", estimator = est)
    if (!is.null(steps[[k]])) args$group.equal <- steps[[k]]
    fits[[k]] <- if (est == "MLM") do.call("sem", c(list(model = cfa3, data = hs, group = "school", estimator = est),
                                            if (is.null(steps[[k]])) list() else list(group.equal = steps[[k]])))
                 else do.call("case", args)
  }
  lrt(paste0("school_", tolower(est)), fits)
  if (est == "ML") {
    s <- lavTestScore(fits$scalar, epc = FALSE)
    p <- parTable(fits$scalar); named <- setNames(paste(p$lhs, p$op, p$rhs, p$group), p$plabel)
    tests$score_scalar <- list(total = as.data.frame(s$test), each = transform(as.data.frame(s$uni), lhs = named[lhs], rhs = named[rhs]))
  }
}
set.seed(4)
hm <- hs; for (v in paste0("x", 1:9)) hm[sample(nrow(hm), 40), v] <- NA
hm[5, paste0("x", 1:9)] <- NA
f_hm <- save_data(hm, "holzinger_missing")
case("fiml_ml", hm, f_hm, cfa3, missing = "fiml")
case("fiml_mlr", hm, f_hm, cfa3, missing = "fiml", estimator = "MLR")
case("fiml_mimic", hm, f_hm, mimic, missing = "fiml")
case("fiml_path", hm, f_hm, "x4 ~ x1 + agemo + sex\nx7 ~ x4", missing = "fiml", standardized = FALSE)
case("fiml_school_metric", hm, f_hm, cfa3, missing = "fiml", group = "school", group.equal = "loadings")
m1 <- sem(cfa3, hm, missing = "fiml", estimator = "MLR")
m2 <- sem(paste0(cfa3, "\nvisual ~~ 0*speed\ntextual ~~ 0*speed"), hm, missing = "fiml", estimator = "MLR")
m0 <- sem("g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9", hm, missing = "fiml", estimator = "MLR")
lrt("fiml_mlr", list(three = m1, orthogonal = m2))

xs <- paste0("x", 1:9)
ho <- hs
for (v in xs) ho[[v]] <- as.integer(cut(hs[[v]], quantile(hs[[v]], c(0, .15, .4, .75, 1)), include.lowest = TRUE))
f_ho <- save_data(ho, "holzinger_ordinal")
case("ordinal_wlsmv", ho, f_ho, cfa3, ordered = xs, estimator = "WLSMV", scores = FALSE)
case("ordinal_school", ho, f_ho, cfa3, ordered = xs, estimator = "WLSMV", group = "school", scores = FALSE)
case("ordinal_covariate", ho, f_ho, paste0(cfa3, "\nvisual + speed ~ agemo"), ordered = xs, estimator = "WLSMV",
     standardized = FALSE, scores = FALSE)
o1 <- sem(cfa3, ho, ordered = xs, estimator = "WLSMV")
o0 <- sem(paste0(cfa3, "\nvisual ~~ 0*speed\ntextual ~~ 0*speed"), ho, ordered = xs, estimator = "WLSMV")
lrt("ordinal_orthogonal", list(three = o1, orthogonal = o0))
g1 <- sem(cfa3, ho, ordered = xs, estimator = "WLSMV", group = "school")
g2 <- sem(cfa3, ho, ordered = xs, estimator = "WLSMV", group = "school", group.equal = "thresholds")
g3 <- sem(cfa3, ho, ordered = xs, estimator = "WLSMV", group = "school", group.equal = c("thresholds", "loadings"))
lrt("ordinal_school", list(configural = g1, thresholds_loadings = g3))
# method = "regression" is not there for ordered data; empirical Bayes modes are
fs <- lavPredict(o1); tests$ordinal_scores <- list(method = "EBM", scores = head(as.data.frame(unclass(fs)), 12))

# population moments that simulateData draws from
pops <- list(
  cfa = "f =~ .8*a + .7*b + .6*c\na ~~ .5*a\nf ~~ 2*f",
  defaults = "f =~ .8*a + .7*b + c\ng =~ d + .5*e + .4*h\ng ~ .5*f",
  path = "m ~ .5*x\ny ~ .3*m + .2*x\nx ~~ 2*x\nm ~~ .4*m",
  means = "f =~ .8*a + .7*b + .6*c\na ~ 1*1\nb ~ 2*1\nf ~ .5*1")
populations <- lapply(pops, function(m) {
  fit <- suppressWarnings(attr(simulateData(m, return.fit = TRUE, meanstructure = TRUE), "fit"))
  i <- lavInspect(fit, "implied"); list(model = m, names = rownames(i$cov), cov = unclass(i$cov), mean = as.numeric(i$mean))
})
write_json(list(cases = cases, tests = tests, populations = populations), file.path(out, "cases.json"),
           digits = 9, auto_unbox = TRUE, na = "null", dataframe = "columns")
