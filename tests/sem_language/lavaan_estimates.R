# Rscript lavaan_estimates.R: writes lavaan_estimates.json beside this file.
# Estimates, standard errors and tests of lavaan 0.6-14 over the breadth of the model language.
# Needs Debian's r-cran-lavaan and r-cran-jsonlite; the data are those of tests/golden/data.
suppressMessages({library(lavaan); library(jsonlite)})

H <- "holzinger_swineford_1939.csv"; P <- "political_democracy.csv"
O <- "holzinger_swineford_ordinal.csv"; M <- "holzinger_swineford_missing.csv"
cases <- list()
add <- function(name, model, file, ...) {
  o <- list(...)
  f <- suppressWarnings(sem(model, data = read.csv(file.path("..", "golden", "data", file)), ...))
  t <- parTable(f)
  t <- t[t$op != "==", ]
  m <- fitMeasures(f)
  keep <- intersect(c("chisq", "df", "chisq.scaled", "cfi", "rmsea", "srmr", "logl", "bic"), names(m))
  for (k in c("group.equal", "group.partial", "ordered")) if (!is.null(o[[k]])) o[[k]] <- as.list(o[[k]])
  cases[[length(cases) + 1L]] <<- list(name = name, model = model, data = file, options = o,
    lhs = I(t$lhs), op = I(t$op), rhs = I(t$rhs), group = I(t$group),
    est = I(signif(t$est, 9)), se = I(signif(t$se, 7)), fit = as.list(signif(unclass(m)[keep], 9)))
}

cfa <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
mimic <- "f =~ x1 + x2 + x3\nf ~ ageyr + sex\nx4 ~ f + sex"
for(e in c("ML","MLR","MLM","GLS","ULS")) { add(paste0("mimic_",e), mimic, H, estimator=e); add(paste0("mimic_means_",e), mimic, H, estimator=e, meanstructure=TRUE)
 add(paste0("path_",e), "x4 ~ a*x1 + x2\nx5 ~ b*x4 + c*x1\nab := a*b\nt := c + ab", H, estimator=e)
 add(paste0("bollen_gr_",e), "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + a*y2 + b*y3 + c*y4\ndem65 =~ y5 + a*y6 + b*y7 + c*y8\ndem60 ~ ind60\ndem65 ~ ind60 + dem60\ny1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8", P, estimator=e) }
add("mimic_fiml", mimic, M, missing="fiml"); add("mimic_fiml_mlr", mimic, M, missing="fiml", estimator="MLR")
add("fiml_groups", cfa, M, missing="fiml", group="school", group.equal=c("loadings","intercepts"))
add("groups_mimic", mimic, H, group="school", group.equal=c("loadings","intercepts","regressions"))
add("groups_mimic_mlr", mimic, H, group="school", group.equal=c("loadings","intercepts","regressions"), estimator="MLR")
add("groups_all", cfa, H, group="school", group.equal=c("loadings","intercepts","means","residuals","lv.variances","lv.covariances"))
add("groups_stdlv", cfa, H, group="school", std.lv=TRUE, group.equal=c("loadings","intercepts"))
add("groups_nomeans", cfa, H, group="school", meanstructure=FALSE, group.equal="loadings")
add("groups_gls", cfa, H, group="school", group.equal="loadings", estimator="GLS")
add("groups_uls", cfa, H, group="school", group.equal=c("loadings","intercepts"), estimator="ULS")
add("groups_mlm", cfa, H, group="school", group.equal=c("loadings","intercepts"), estimator="MLM")
add("groups_labels", "f =~ x1 + c(a,b)*x2 + c(k,k)*x3\ng =~ x4 + x5 + x6\ng ~ c(p,q)*f\nd := p - q\nr := a/b", H, group="school")
add("groups_eqcon", "f =~ x1 + c(a,b)*x2 + x3\na == b", H, group="school")
# By label, not number: lavaan 0.6-14 takes "group: 7" and "group: 8" for one group and equates everything.
add("groups_blocks", "group: Pasteur\nf =~ x1 + x2 + x3 + x4\ngroup: Grant-White\nf =~ x1 + x2 + x3 + x4\nx1 ~~ x4", H, group="school")
add("groups_lvmean", "f =~ x1 + x2 + x3\nf ~ c(0,NA)*1\nx1 ~ c(i,i)*1\nx2 ~ c(j,j)*1", H, group="school")
add("con_linear", "f =~ x1 + a*x2 + b*x3 + c*x4\na == 2*b\nc == .4", H)
add("con_nonlinear", "f =~ x1 + a*x2 + b*x3 + c*x4\na == b^2 + .3\nq := exp(c)", H)
add("con_nonlinear_mlr", "f =~ x1 + a*x2 + b*x3 + c*x4\na == b^2 + .3\nq := exp(c)", H, estimator="MLR")
add("tau", "f =~ NA*x1 + a*x1 + a*x2 + a*x3\nf ~~ 1*f\nx1 ~~ v*x1\nx2 ~~ v*x2\nx3 ~~ v*x3", H)
add("second_std", paste0(cfa,"\ng =~ NA*visual + textual + speed\ng ~~ 1*g"), H)
add("second_x", paste0(cfa,"\ng =~ visual + textual + speed\ng ~ ageyr + sex"), H)
add("outcomes", paste0(cfa,"\ntextual ~ visual\nspeed ~ visual\nageyr ~ visual"), H)
add("feedback", "x4 ~ x5 + x1\nx5 ~ x4 + x2\nx4 ~~ x5", H)
add("feedback2", "x4 ~ x5 + x1\nx5 ~ x4 + x2", H)
add("indpred", "f =~ x1 + x2 + x3\nx4 ~ x1 + f", H)
add("indout", "f =~ x1 + x2 + x3\nx2 ~ ageyr", H)
add("single", "f =~ x1 + x2 + x3\ng =~ x4\nf ~ g", H)
add("single_rel", "f =~ x1 + x2 + x3\ng =~ 1*x4\nx4 ~~ .3*x4\nf ~ g", H)
add("covs", "x1 ~~ x2 + x3\nx2 ~~ x3\nx4 ~~ x1", H)
add("randomx", "x4 ~ x1 + x2\nx1 ~~ x1", H)
add("intercept_fix", "f =~ x1 + x2 + x3\nx1 ~ 0*1\nf ~ 1", H)
add("growth2", "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + NA*t3 + NA*t4\ni + s ~ 1\nt1 + t2 + t3 + t4 ~ 0*1\nt1 ~~ r*t1\nt2 ~~ r*t2\nt3 ~~ r*t3\nt4 ~~ r*t4", "growth_demo.csv")
add("growth_mlr", "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + 2*t3 + 3*t4\ni + s ~ 1 + x1\nt1 + t2 + t3 + t4 ~ 0*1", "growth_demo.csv", estimator="MLR")
add("clpm", "t2 ~ t1 + c1\nc2 ~ t1 + c1\nt3 ~ t2 + c2\nc3 ~ t2 + c2\nt2 ~~ c2\nt3 ~~ c3", "growth_demo.csv")
add("riclpm", "RT =~ 1*t1 + 1*t2 + 1*t3\nRC =~ 1*c1 + 1*c2 + 1*c3\nwt1 =~ 1*t1\nwt2 =~ 1*t2\nwt3 =~ 1*t3\nwc1 =~ 1*c1\nwc2 =~ 1*c2\nwc3 =~ 1*c3\nt1 ~~ 0*t1\nt2 ~~ 0*t2\nt3 ~~ 0*t3\nc1 ~~ 0*c1\nc2 ~~ 0*c2\nc3 ~~ 0*c3\nwt2 ~ a*wt1 + b*wc1\nwc2 ~ c*wt1 + d*wc1\nwt3 ~ a*wt2 + b*wc2\nwc3 ~ c*wt2 + d*wc2\nRT ~~ RC\nwt1 ~~ wc1\nwt2 ~~ wc2\nwt3 ~~ wc3\nRT ~~ 0*wt1 + 0*wc1\nRC ~~ 0*wt1 + 0*wc1", "growth_demo.csv")
add("cluster", cfa, H, cluster="agemo"); add("cluster_mlr", cfa, H, cluster="agemo", estimator="MLR")
xs<-paste0("x",1:9); oc<-"f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6"
add("ord_groups_scalar", oc, O, ordered=xs[1:6], group="school", group.equal=c("loadings","thresholds"), estimator="WLSMV")
add("ord_groups_loadings", oc, O, ordered=xs[1:6], group="school", group.equal="loadings", estimator="WLSMV")
add("ord_mixed", oc, O, ordered=xs[1:3], estimator="WLSMV")
add("ord_x", "f =~ x1 + x2 + x3\nf ~ ageyr + sex", O, ordered=xs[1:3], estimator="WLSMV")
add("ord_path", "x4 ~ x1 + x2\nx5 ~ x4 + x1", O, ordered=c("x4","x5"), estimator="WLSMV")
add("ord_con", "f =~ x1 + a*x2 + a*x3 + x4\nd := a^2", O, ordered=xs[1:4], estimator="WLSMV")
add("ord_th", "f =~ x1 + x2 + x3 + x4\nx1 | u*t1 + t2\nx2 | u*t1", O, ordered=xs[1:4], estimator="WLSMV")
add("ord_strict", oc, O, ordered=xs[1:6], group="school", group.equal=c("loadings","thresholds","residuals"), estimator="WLSMV")
add("ord_second", "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8 + x9\nk =~ f + g + h", O, ordered=xs, estimator="WLSMV", std.lv=TRUE)
add("phantom", "f =~ x1 + x2 + x3\np =~ 0\np ~ 2*f\np ~~ 0*p\nx4 + x5 ~ p", H)
add("hs_sex_group", cfa, H, group="sex", group.equal=c("loadings","intercepts"), group.partial="visual=~x2", estimator="MLR")
write_json(cases, "lavaan_estimates.json", auto_unbox = TRUE, digits = NA, na = "null")
cat(length(cases), "fits\n")
