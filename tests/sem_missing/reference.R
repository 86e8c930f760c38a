# Rscript reference.R (in this directory): fits incomplete data with lavaan and writes reference/*.csv and
# reference/cases.json. Made with lavaan 0.6-14, R 4.2.2. The data are lavaan's own sets with holes punched by
# a fixed seed, and simulated sets with a fixed seed.
suppressMessages({library(lavaan); library(jsonlite)})
out <- "reference"
cases <- list()

save_data <- function(d, name) {
  write.csv(d, file.path(out, paste0(name, ".csv")), row.names = FALSE, na = "")
  name
}

# settle: let EM for the saturated model run until it stands still; it stops after 500 steps otherwise
case <- function(name, data, data_name, model, ..., settle = FALSE) {
  more <- if (settle) list(em.h1.iter.max = 1e5, em.h1.tol = 1e-10) else list()
  fit <- suppressWarnings(do.call("sem", c(list(model, data, missing = "fiml", ...), more)))
  stopifnot(lavInspect(fit, "converged"))
  pe <- parameterEstimates(fit, remove.nonfree = FALSE, standardized = TRUE)
  fm <- suppressWarnings(fitMeasures(fit))
  h1 <- lavInspect(fit, "sampstat")
  cases[[name]] <<- list(
    data = data_name, model = model, options = list(...), n_obs = lavInspect(fit, "nobs"),
    group_labels = lavInspect(fit, "group.label"),
    estimates = pe[, intersect(c("lhs", "op", "rhs", "group", "est", "se", "std.all"), names(pe))],
    fit = as.list(round(unclass(fm), 8)))
  invisible(fit)
}

holes <- function(d, names, share) {
  for (v in names) d[sample(nrow(d), round(share * nrow(d))), v] <- NA
  d
}

set.seed(1)
cfa3 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
xs <- paste0("x", 1:9)
hs <- holes(HolzingerSwineford1939, xs, .15)
hs[c(3, 77), xs] <- NA                                     # nothing observed
hs$x9[hs$x7 < 3.5 & !is.na(hs$x7)] <- NA                   # missing at random given x7
f_hs <- save_data(hs, "holzinger")
case("cfa_ml", hs, f_hs, cfa3)
case("cfa_mlr", hs, f_hs, cfa3, estimator = "MLR")
case("cfa_std_lv", hs, f_hs, cfa3, std.lv = TRUE)
for (est in c("ML", "MLR")) {
  low <- tolower(est)
  case(paste0("school_configural_", low), hs, f_hs, cfa3, group = "school", estimator = est)
  case(paste0("school_metric_", low), hs, f_hs, cfa3, group = "school", group.equal = "loadings", estimator = est)
  case(paste0("school_scalar_", low), hs, f_hs, cfa3, group = "school",
       group.equal = c("loadings", "intercepts"), estimator = est)
}
second <- paste0(cfa3, "\ng =~ visual + textual + speed")
case("second_order_ml", hs, f_hs, second)

# observed predictors: complete ones, and one with missing values (cases are deleted under fixed.x)
mimic <- paste0(cfa3, "\nvisual + textual + speed ~ sex + agemo\nx1 ~ sex")
case("mimic_ml", hs, f_hs, mimic)
case("mimic_mlr", hs, f_hs, mimic, estimator = "MLR")
hx <- hs; hx$agemo[sample(nrow(hx), 30)] <- NA
f_hx <- save_data(hx, "holzinger_predictor")
case("mimic_missing_x_ml", hx, f_hx, mimic)
case("mimic_missing_x_mlr_groups", hx, f_hx, paste0(cfa3, "\nvisual + textual ~ agemo"), group = "school", estimator = "MLR")
case("path_ml", hx, f_hx, "x4 ~ b*x1 + agemo\nx7 ~ a*x4 + x1\nindirect := a*b")
case("path_mlr", hx, f_hx, "x4 ~ b*x1 + agemo\nx7 ~ a*x4 + x1\nindirect := a*b", estimator = "MLR")

bollen <- "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + a*y2 + b*y3 + c*y4\ndem65 =~ y5 + a*y6 + b*y7 + c*y8
dem60 ~ p1*ind60\ndem65 ~ p2*ind60 + p3*dem60\ny1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8\nindirect := p1*p3"
pd <- holes(PoliticalDemocracy, names(PoliticalDemocracy), .08)
f_pd <- save_data(pd, "democracy")
case("bollen_ml", pd, f_pd, bollen)
case("bollen_mlr", pd, f_pd, bollen, estimator = "MLR")

gm <- "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + 2*t3 + 3*t4\ni ~ x1 + x2\ns ~ x1 + x2
t1 ~ 0*1\nt2 ~ 0*1\nt3 ~ 0*1\nt4 ~ 0*1\ni ~ 1\ns ~ 1"
dg <- Demo.growth; dg$t4[dg$t3 > 4] <- NA; dg$t3[sample(400, 60)] <- NA; dg$t2[sample(400, 30)] <- NA
f_dg <- save_data(dg, "growth")
case("growth_ml", dg, f_dg, gm)
case("growth_mlr", dg, f_dg, gm, estimator = "MLR")

# heavy tails, many patterns, a planned-missing design
set.seed(2)
pop <- "f1 =~ .8*a1 + .7*a2 + .6*a3 + .7*a4\nf2 =~ .8*b1 + .7*b2 + .6*b3 + .5*b4\nf1 ~~ .4*f2"
sk <- simulateData(pop, sample.nobs = 400, skewness = 1.5, kurtosis = 5)
sk <- holes(sk, names(sk), .25)
f_sk <- save_data(sk, "skewed")
two <- "f1 =~ a1 + a2 + a3 + a4\nf2 =~ b1 + b2 + b3 + b4"
case("skewed_mlr", sk, f_sk, two, estimator = "MLR")
case("skewed_equal_loadings_mlr", sk, f_sk,
     "f1 =~ a1 + k*a2 + k*a3 + a4\nf2 =~ b1 + l*b2 + b3 + l*b4\na1 ~~ e*a1\na2 ~~ e*a2", estimator = "MLR")
planned <- simulateData(pop, sample.nobs = 600)
form <- sample(3, 600, TRUE)
planned[form == 1, c("a1", "b1")] <- NA
planned[form == 2, c("a2", "b2", "b3")] <- NA
planned[form == 3, c("a4", "a3", "b4")] <- NA
f_pl <- save_data(planned, "planned")
case("planned_ml", planned, f_pl, two)
case("planned_one_factor_mlr", planned, f_pl, "g =~ a1 + a2 + a3 + a4 + b1 + b2 + b3 + b4", estimator = "MLR")

# clusters that both schools share; rows without any value left out beforehand, because lavaan counts their clusters
set.seed(3)
hc <- hs[rowSums(!is.na(hs[, xs])) > 0, ]; hc$team <- sample(1:40, nrow(hc), TRUE)
f_hc <- save_data(hc, "holzinger_teams")
case("teams_mlr", hc, f_hc, cfa3, cluster = "team")
case("teams_school_mlr", hc, f_hc, cfa3, cluster = "team", group = "school")
case("teams_mimic_mlr", hc, f_hc, mimic, cluster = "team")

# most values missing: EM creeps
set.seed(4)
sparse <- simulateData(pop, sample.nobs = 500)
for (v in names(sparse)) sparse[runif(500) < .6, v] <- NA
f_sp <- save_data(sparse, "sparse")
case("sparse_ml", sparse, f_sp, two, settle = TRUE)
case("sparse_mlr", sparse, f_sp, two, estimator = "MLR", settle = TRUE)

write_json(cases, file.path(out, "cases.json"), digits = 9, auto_unbox = TRUE, na = "null")
