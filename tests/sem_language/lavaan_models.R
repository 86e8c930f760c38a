# Rscript lavaan_models.R: writes lavaan_models.json beside this file.
# Parameter tables that lavaan 0.6-14 makes of models, data and options: parTable(sem(..., do.fit = FALSE)).
# Needs Debian's r-cran-lavaan and r-cran-jsonlite; the data are those of tests/golden/data.
suppressMessages({library(lavaan); library(jsonlite)})

cases <- list()
read <- function(file) read.csv(file.path("..", "golden", "data", file), fileEncoding = "UTF-8")
add <- function(name, model, file, ...) {
  o <- list(...)
  f <- suppressWarnings(sem(model, data = read(file), ..., do.fit = FALSE))
  t <- parTable(f)
  # Blocks named by label leave labels here instead of numbers.
  if (is.character(t$group)) t$group <- match(t$group, lavInspect(f, "group.label"), nomatch = 0L)
  equal <- t[t$op == "==" & t$user == 2L, ]
  t <- t[!(t$op == "==" & t$user == 2L), ]
  for (k in c("group.equal", "group.partial", "ordered")) if (!is.null(o[[k]])) o[[k]] <- as.list(o[[k]])
  cases[[length(cases) + 1L]] <<- list(
    name = name, model = model, data = file, options = o,
    groups = I(as.character(lavInspect(f, "group.label"))), observed = I(lavNames(f, "ov")),
    lhs = I(t$lhs), op = I(t$op), rhs = I(t$rhs), user = I(t$user), group = I(as.integer(t$group)),
    free = I(t$free), exo = I(t$exo), label = I(t$label), equal_lhs = I(equal$lhs), equal_rhs = I(equal$rhs))
}

hs <- "holzinger_swineford_1939.csv"; ho <- "holzinger_swineford_ordinal.csv"; cn <- "cnes_1997.csv"
cfa <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
mimic <- "f =~ x1 + x2 + x3\nf ~ ageyr + sex\nx4 ~ f + sex"
xs <- paste0("x", 1:9)
for (e in c("ML", "MLR", "MLM", "GLS", "ULS")) add(paste("mimic", e), mimic, hs, estimator = e)
add("mimic means", mimic, hs, meanstructure = TRUE)
add("mimic fiml", mimic, "holzinger_swineford_missing.csv", missing = "fiml")
add("mimic groups", mimic, hs, group = "school")
add("mimic groups scalar", mimic, hs, group = "school", group.equal = c("loadings", "intercepts", "regressions"))
add("groups numbered", cfa, hs, group = "grade", group.equal = "loadings", group.partial = "visual=~x2")
add("groups no means", cfa, hs, group = "school", meanstructure = FALSE)
add("groups no means but equal", cfa, hs, group = "school", meanstructure = FALSE, group.equal = "intercepts")
add("groups std.lv", cfa, hs, group = "school", std.lv = TRUE, group.equal = c("loadings", "intercepts"))
add("cluster", cfa, hs, cluster = "agemo")
add("blocks", "group: Pasteur\nf =~ x1 + x2 + x3\ngroup: Grant-White\nf =~ x1 + x2 + .5*x3", hs, group = "school")
add("ordered", cfa, ho, ordered = xs)
add("ordered some", cfa, ho, ordered = c("x1", "x5"))
add("ordered by thresholds", "f =~ x1 + x2 + x3\nx1 | t1", ho, ordered = "x2")
add("ordered std.lv", cfa, ho, ordered = xs, std.lv = TRUE)
add("ordered mimic", mimic, ho, ordered = c("x1", "x2", "x3", "x4"))
add("ordered mimic predictors", "f =~ x1 + x2 + x3\nf ~ x4 + ageyr", ho, ordered = c("x1", "x2", "x3", "x4"))
add("ordered path", "x4 ~ x1 + x2\nx5 ~ x4 + x1", ho, ordered = c("x4", "x5"))
add("ordered DWLS", "F =~ MBSA2 + MBSA7 + MBSA8 + MBSA9", cn, ordered = c("MBSA2", "MBSA7", "MBSA8", "MBSA9"), estimator = "DWLS")
add("ordered groups", cfa, ho, ordered = xs, group = "school")
add("ordered groups loadings", cfa, ho, ordered = xs, group = "school", group.equal = "loadings")
add("ordered groups intercepts", cfa, ho, ordered = xs, group = "school", group.equal = c("loadings", "intercepts"))
add("ordered groups thresholds", cfa, ho, ordered = xs, group = "school", group.equal = c("loadings", "thresholds"))
add("ordered groups partial", cfa, ho, ordered = xs, group = "school", group.equal = c("loadings", "thresholds"), group.partial = c("x1|t1", "x1|t2"))
add("growth", "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + 2*t3 + 3*t4\ni ~ x1 + x2\ns ~ x1 + x2\nt1 ~ 0*1\nt2 ~ 0*1\nt3 ~ 0*1\nt4 ~ 0*1\ni ~ 1\ns ~ 1", "growth_demo.csv")
write_json(cases, "lavaan_models.json", auto_unbox = TRUE, digits = NA, na = "null")
cat(length(cases), "tables\n")
