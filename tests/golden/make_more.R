# Rscript make_more.R: more reference cases beside those of make.R, one per corner of the engine.
# Files are written to cases_more/ and data/; each case has the form of reference.R's case().
suppressWarnings(suppressMessages({library(lavaan); library(jsonlite)}))
out_dir <- "."
dir.create(file.path(out_dir, "cases_more"), FALSE); dir.create(file.path(out_dir, "data"), FALSE)
save_data <- function(d, file) {
  if (!file.exists(file.path(out_dir, "data", file)))
    write.csv(d, file.path(out_dir, "data", file), row.names = FALSE, na = "")
  file
}
case <- function(name, model, data, file, ...) {
  opts <- list(...)
  fit <- suppressWarnings(sem(model, data = data, ...))
  if (!lavInspect(fit, "converged")) { cat("not converged:", name, "\n"); return(invisible()) }
  pe <- parameterEstimates(fit, standardized = TRUE, remove.nonfree = FALSE)
  out <- list(name = name, model = model, data = file, options = opts,
    engine = paste0("lavaan ", packageVersion("lavaan"), ", R ", getRversion()),
    converged = lavInspect(fit, "converged"), nobs = lavInspect(fit, "nobs"),
    npar = lavInspect(fit, "npar"), group_labels = lavInspect(fit, "group.label"),
    fit = as.list(round(unclass(fitMeasures(fit)), 8)), estimates = pe,
    standardized = standardizedSolution(fit))
  write_json(out, file.path(out_dir, "cases_more", paste0(name, ".json")), digits = 10, auto_unbox = TRUE, pretty = TRUE, na = "null")
}
hs <- HolzingerSwineford1939; f_hs <- save_data(hs, "holzinger_swineford_1939.csv")
pd <- PoliticalDemocracy; f_pd <- save_data(pd, "political_democracy.csv")
dg <- Demo.growth; f_dg <- save_data(dg, "growth_demo.csv")
hm <- read.csv(file.path(out_dir, "data", "holzinger_swineford_missing.csv")); f_hm <- "holzinger_swineford_missing.csv"
hs$female <- hs$sex - 1; f_h2 <- save_data(hs, "holzinger_swineford_female.csv")
# clusters and skew: a two-level population, and squared normal errors
set.seed(4071); J <- 40
g <- rep(seq_len(J), times = sample(4:16, J, TRUE)); n <- length(g)
u <- rnorm(J, 0, .6)[g]; w <- rnorm(J)[g]; f <- u + rnorm(n); h <- .5 * f + .3 * w + rnorm(n, 0, .8)
e <- function() (rnorm(n)^2 - 1) / sqrt(2) * .7
cl <- data.frame(school = paste0("s", g), w = w, band = ifelse(g %% 2 == 0, "even", "odd"),
  a1 = f + e(), a2 = .8 * f + e(), a3 = .7 * f + e() + .4 * rnorm(J)[g], b1 = h + e(), b2 = .9 * h + e(), b3 = .6 * h + e(), y = .4 * h + .3 * f + e())
num <- sapply(cl, is.numeric); cl[num] <- round(cl[num], 6); f_cl <- save_data(cl, "clustered_skewed.csv")
# observed variables only: a chain with two exogenous predictors, and a feedback loop
set.seed(99); m <- 350
x1 <- rnorm(m); x2 <- .4 * x1 + rnorm(m); z <- rbinom(m, 1, .4)
m1 <- .5 * x1 + .2 * z + rnorm(m); m2 <- .3 * m1 + .4 * x2 + rnorm(m)
y1 <- .4 * m1 + .3 * m2 + rnorm(m); y2 <- .5 * y1 - .2 * x1 + rnorm(m)
pa <- round(data.frame(x1, x2, z, m1, m2, y1, y2), 6); f_pa <- save_data(pa, "path_observed.csv")

cfa3 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
mimic <- paste0(cfa3, "\nvisual ~ female + ageyr\ntextual ~ female + ageyr\nspeed ~ female + ageyr")
for (est in c("ML", "MLR", "MLM", "GLS", "ULS"))
  case(paste0("mimic_", tolower(est)), mimic, hs, f_h2, estimator = est)
case("mimic_mean_ml", mimic, hs, f_h2, meanstructure = TRUE)
case("mimic_mean_mlr", mimic, hs, f_h2, meanstructure = TRUE, estimator = "MLR")
case("mimic_mean_mlm", mimic, hs, f_h2, meanstructure = TRUE, estimator = "MLM")
case("mimic_groups_mlr", mimic, hs, f_h2, group = "school", estimator = "MLR")
case("mimic_groups_mlm", mimic, hs, f_h2, group = "school", estimator = "MLM", group.equal = c("loadings", "regressions"))
path <- "m1 ~ a*x1 + z\nm2 ~ b*m1 + x2\ny1 ~ c*m1 + d*m2\ny2 ~ y1 + x1\nind := a*b*d\ntot := a*b*d + a*c"
for (est in c("ML", "MLR", "MLM", "GLS", "ULS"))
  case(paste0("path_", tolower(est)), path, pa, f_pa, estimator = est)
case("path_mean_ml", path, pa, f_pa, meanstructure = TRUE)
case("path_saturated_ml", "y1 ~ x1 + x2\nm1 ~ x1 + x2\ny1 ~~ m1", pa, f_pa)
case("path_saturated_mlr", "y1 ~ x1 + x2", pa, f_pa, estimator = "MLR")
case("path_regression_ml", "y1 ~ x1 + x2 + z", pa, f_pa)
case("loop_ml", "y1 ~ m1 + y2\ny2 ~ x1 + y1\nm1 ~~ x1", pa, f_pa)
case("loop_fixed_ml", "y1 ~ x2 + m1 + y2\ny2 ~ x1 + z + y1\ny1 ~~ y2", pa, f_pa)
case("random_x_ml", "y1 ~ x1 + x2\nx1 ~~ x2\nx1 ~~ x1\nx2 ~~ x2", pa, f_pa)
# latent and observed together
mixed <- "f =~ a1 + a2 + a3\nh =~ b1 + b2 + b3\nh ~ f + w\ny ~ h + f\nw ~~ w"
case("mixed_ml", mixed, cl, f_cl)
case("mixed_mlr", mixed, cl, f_cl, estimator = "MLR")
lat <- "f =~ a1 + a2 + a3\nh =~ b1 + b2 + b3\nh ~ p*f + w\ny ~ q*h + f\npq := p*q"
for (est in c("ML", "MLR", "MLM", "GLS", "ULS")) case(paste0("mediated_", tolower(est)), lat, cl, f_cl, estimator = est)
for (est in c("ML", "MLR", "MLM")) case(paste0("cluster_", tolower(est)), lat, cl, f_cl, estimator = est, cluster = "school")
case("cluster_cfa_mlr", "f =~ a1 + a2 + a3\nh =~ b1 + b2 + b3", cl, f_cl, estimator = "MLR", cluster = "school")
case("cluster_groups_mlr", "f =~ a1 + a2 + a3\nh =~ b1 + b2 + b3", cl, f_cl, estimator = "MLR", cluster = "school", group = "band", group.equal = "loadings")
# constraints
case("equal_labels_ml", "visual =~ x1 + k*x2 + k*x3\ntextual =~ x4 + a*x5 + b*x6\nspeed =~ x7 + x8 + x9\na == b", hs, f_h2)
case("linear_constraint_ml", "visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + x5 + x6\nvisual ~~ v*visual\na + b == 1.3\nratio := a/b", hs, f_h2)
case("nonlinear_constraint_ml", "visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + c*x5 + x6\na*b == 0.5\nprod := a*b*c", hs, f_h2)
case("nonlinear_constraint_mlr", "visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + c*x5 + x6\na == b^2 + 0.1", hs, f_h2, estimator = "MLR")
case("effect_coding_ml", "visual =~ NA*x1 + a*x1 + b*x2 + c*x3\ntextual =~ x4 + x5 + x6\na + b + c == 3", hs, f_h2)
case("fixed_value_ml", "visual =~ x1 + 0.6*x2 + x3\ntextual =~ x4 + x5 + x6\nx4 ~~ 0.4*x4\nvisual ~~ 0.3*textual", hs, f_h2)
case("group_labels_ml", "visual =~ x1 + c(a, a)*x2 + c(b1, b2)*x3\ntextual =~ x4 + c(1.1, NA)*x5 + x6\ndiff := b1 - b2", hs, f_h2, group = "school")
# single indicators, higher order, cross-loadings, correlated residuals
case("single_indicator_ml", "visual =~ x1 + x2 + x3\nold =~ ageyr\nageyr ~~ 0.1*ageyr\nvisual ~ old", hs, f_h2)
case("single_indicator_plain_ml", "visual =~ x1 + x2 + x3\nold =~ ageyr\nvisual ~ old + female", hs, f_h2)
case("second_order_groups_ml", paste0(cfa3, "\ng =~ visual + textual + speed"), hs, f_h2, group = "school", group.equal = "loadings")
case("second_order_std_lv_mlr", paste0(cfa3, "\ng =~ visual + textual + speed"), hs, f_h2, std.lv = TRUE, estimator = "MLR")
case("cross_loading_ml", paste0(cfa3, "\nvisual =~ x9\nx7 ~~ x8"), hs, f_h2)
case("orthogonal_ml", cfa3, hs, f_h2, orthogonal = TRUE)
case("std_lv_groups_ml", cfa3, hs, f_h2, group = "school", std.lv = TRUE, group.equal = c("loadings", "intercepts"))
case("std_lv_groups_mlm", cfa3, hs, f_h2, group = "school", std.lv = TRUE, estimator = "MLM")
case("groups_means_gls", cfa3, hs, f_h2, group = "school", estimator = "GLS", group.equal = c("loadings", "intercepts"))
case("groups_means_uls", cfa3, hs, f_h2, group = "school", estimator = "ULS", group.equal = c("loadings", "intercepts"))
case("groups_mlm_scalar", cfa3, hs, f_h2, group = "school", estimator = "MLM", group.equal = c("loadings", "intercepts"))
case("groups_no_means_ml", cfa3, hs, f_h2, group = "school", meanstructure = FALSE)
case("groups_all_equal_ml", cfa3, hs, f_h2, group = "school", group.equal = c("loadings", "intercepts", "means", "residuals", "lv.variances", "lv.covariances"))
case("groups_sex_by_number_ml", cfa3, hs, f_h2, group = "sex")
case("means_gls", cfa3, hs, f_h2, meanstructure = TRUE, estimator = "GLS")
case("means_uls", cfa3, hs, f_h2, meanstructure = TRUE, estimator = "ULS")
case("means_mlm", cfa3, hs, f_h2, meanstructure = TRUE, estimator = "MLM")
case("latent_means_ml", "visual =~ x1 + x2 + x3\nx1 ~ 0*1\nvisual ~ 1", hs, f_h2)
# growth, also in groups
grow <- "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + 2*t3 + 3*t4\nt1 ~ 0*1\nt2 ~ 0*1\nt3 ~ 0*1\nt4 ~ 0*1\ni ~ 1\ns ~ 1"
dg$half <- rep(c("first", "second"), length.out = nrow(dg)); f_d3 <- save_data(dg, "growth_halves.csv")
case("growth_plain_mlr", grow, dg, f_d3, estimator = "MLR")
case("growth_groups_ml", paste0(grow, "\ni ~ x1 + x2\ns ~ x1 + x2"), dg, f_d3, group = "half")
case("growth_time_varying_ml", paste0(grow, "\ni ~ x1 + x2\ns ~ x1 + x2\nt1 ~ c1\nt2 ~ c2\nt3 ~ c3\nt4 ~ c4"), dg, f_d3)
case("growth_time_varying_mlr", paste0(grow, "\ni ~ x1 + x2\ns ~ x1 + x2\nt1 ~ c1\nt2 ~ c2\nt3 ~ c3\nt4 ~ c4"), dg, f_d3, estimator = "MLR")
# scales far apart, a Heywood case, missing values by full information with predictors and groups
big <- hs; big$x2 <- big$x2 * 1000; big$x5 <- big$x5 / 100; f_big <- save_data(big, "holzinger_swineford_scaled.csv")
case("scaled_ml", cfa3, big, f_big)
case("scaled_mean_mlr", cfa3, big, f_big, estimator = "MLR", meanstructure = TRUE)
case("heywood_ml", "f =~ y1 + y2 + y3\ng =~ y4 + y8", pd, f_pd)
case("bollen_gls", "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem65 =~ y5 + y6 + y7 + y8\ndem60 ~ ind60\ndem65 ~ ind60 + dem60\ny1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8", pd, f_pd, estimator = "GLS")
case("bollen_uls", "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem65 =~ y5 + y6 + y7 + y8\ndem60 ~ ind60\ndem65 ~ ind60 + dem60\ny1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8", pd, f_pd, estimator = "ULS")
case("fiml_mimic_ml", paste0(cfa3, "\nvisual ~ ageyr"), hm, f_hm, missing = "fiml")
case("fiml_mimic_mlr", paste0(cfa3, "\nvisual ~ ageyr"), hm, f_hm, missing = "fiml", estimator = "MLR")
case("fiml_groups_mlr", cfa3, hm, f_hm, missing = "fiml", estimator = "MLR", group = "school", group.equal = "loadings")
case("one_factor_ml", "g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9", hs, f_h2)
case("two_indicators_ml", "a =~ x1 + x2\nb =~ x4 + x5\nb ~ a", hs, f_h2)
case("just_identified_mlm", "a =~ x1 + x2 + x3", hs, f_h2, estimator = "MLM")
case("covariances_only_ml", "x1 ~~ x2\nx2 ~~ x3\nx1 ~~ x1", hs, f_h2)

# A factor without variance beside others: only its own standardised values do not exist
case("growth_quadratic_fixed", "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + 2*t3 + 3*t4\nq =~ 0*t1 + 1*t2 + 4*t3 + 9*t4\nt1 + t2 + t3 + t4 ~ 0*1\ni ~ 1\ns ~ 1\nq ~ 1\nq ~~ 0*q + 0*i + 0*s", dg, f_dg)

# Two minima: the higher one is nearer to starting values by least squares
case("second_minimum_gls", "f =~ INTG + DMNR + DILG + CFMG\ng =~ PREP + FAMI + ORAL\nPHYS ~ f + g", USJudgeRatings, save_data(USJudgeRatings, "judge_ratings.csv"), estimator = "GLS")

# Scaled and shifted test of continuous variables: the interval of the robust RMSEA follows the shift
case("continuous_wlsmv_groups", cfa3, hs, f_h2, estimator = "WLSMV", group = "school", group.equal = "loadings")
case("continuous_ulsmv", cfa3, hs, f_h2, estimator = "ULSMV")
