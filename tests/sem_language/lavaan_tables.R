# Rscript lavaan_tables.R: writes lavaan_tables.json beside this file.
# Parameter tables of lavaan 0.6-14 with sem()'s defaults, to compare ours with row by row.
# Needs Debian's r-cran-lavaan and r-cran-jsonlite.
suppressMessages({library(lavaan); library(jsonlite)})

cases <- list()
add <- function(name, model, ...) {
  o <- list(...)
  groups <- if (is.null(o$ngroups)) 1L else as.integer(o$ngroups)
  args <- list(model = model, auto = TRUE, model.type = "sem", fixed.x = TRUE, ngroups = groups,
               meanstructure = groups > 1L, warn = FALSE)
  for (k in names(o)) args[[k]] <- if (k == "nthresholds") unlist(o[[k]]) else o[[k]]
  t <- suppressWarnings(do.call(lavaanify, args))
  equal <- t[t$op == "==" & t$user == 2L, ]
  t <- t[!(t$op == "==" & t$user == 2L), ]
  options <- o
  options$group.equal <- as.list(o$group.equal)
  options$group.partial <- as.list(o$group.partial)
  cases[[length(cases) + 1L]] <<- list(
    name = name, model = model, options = options[lengths(options) > 0],
    lhs = I(t$lhs), op = I(t$op), rhs = I(t$rhs), user = I(t$user), group = I(as.integer(t$group)),
    free = I(t$free), ustart = I(t$ustart), exo = I(t$exo), label = I(t$label), plabel = I(t$plabel),
    equal_lhs = I(equal$lhs), equal_rhs = I(equal$rhs))
}

hs <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
add("cfa", hs)
add("cfa means", hs, meanstructure = TRUE)
add("cfa std.lv", hs, std.lv = TRUE)
add("cfa orthogonal", hs, orthogonal = TRUE)
add("cfa std.lv orthogonal means", hs, std.lv = TRUE, orthogonal = TRUE, meanstructure = TRUE)
add("second order", paste0(hs, "\ng =~ visual + textual + speed"))
add("second order first", paste0("g =~ visual + textual + speed\n", hs))
add("second order predicts", paste0(hs, "\ng =~ visual + textual\nspeed ~ g"))
add("second order std.lv", paste0(hs, "\ng =~ visual + textual + speed"), std.lv = TRUE)
add("second order predicted", paste0(hs, "\ng =~ visual + textual + speed\ng ~ age + sex"))
add("third order", paste0(hs, "\ng =~ visual + textual\nh =~ g + speed"))
bif <- paste0("g =~ x1+x2+x3+x4+x5+x6+x7+x8+x9\n", hs)
add("bifactor", bif, std.lv = TRUE, orthogonal = TRUE)
add("bifactor oblique", bif)
add("bifactor partly orthogonal", paste0(bif, "\ng ~~ 0*visual + 0*textual + 0*speed"))
bollen <- "ind60 =~ x1 + x2 + x3
dem60 =~ y1 + a*y2 + b*y3 + c*y4
dem65 =~ y5 + a*y6 + b*y7 + c*y8
dem60 ~ p1*ind60
dem65 ~ p2*ind60 + p3*dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8
indirect := p1*p3
total := p2 + p1*p3"
add("bollen", bollen)
add("bollen means", bollen, meanstructure = TRUE)
add("bollen std.lv", bollen, std.lv = TRUE)
add("reversed covariances", "f =~ x1+x2+x3\ng =~ x4+x5+x6\nx6 ~~ x1\nx3 ~~ x2\ng ~~ f")
add("structural before measurement", "g ~ f\nx1 ~~ x4\nf =~ x1+x2+x3\ng =~ x4+x5+x6")
add("mediation observed", "m ~ a*x\ny ~ b*m + c*x\nab := a*b\ntotal := c + (a*b)")
add("mediation observed means", "m ~ a*x\ny ~ b*m + c*x\nab := a*b", meanstructure = TRUE)
add("mediation random x", "m ~ a*x\ny ~ b*m + c*x\nx ~~ x")
add("mediation fixed.x off", "m ~ a*x\ny ~ b*m + c*x + d*z", fixed.x = FALSE)
add("two mediators", "m1 ~ x + z\nm2 ~ x + z\ny ~ m1 + m2 + x\nm1 ~~ m2")
add("two outcomes", "y1 ~ x1 + x2\ny2 ~ x1 + x3")
add("three outcomes", "y1 + y2 + y3 ~ x1 + x2")
add("outcomes observed and latent", "f =~ a1+a2+a3\ng =~ b1+b2+b3\nh =~ c1+c2+c3\ng ~ f\nh ~ f\ny ~ f\nz ~ f + x")
add("outcomes uncorrelated by hand", "f =~ a1+a2+a3\ng =~ b1+b2+b3\nh =~ c1+c2+c3\ng ~ f\nh ~ f\nh ~~ 0*g")
add("outcome also predictor", "f =~ a1+a2+a3\ng =~ b1+b2+b3\ng ~ f\ny ~ g\nz ~ y + f")
add("feedback loop", "y1 ~ y2 + x1\ny2 ~ y1 + x2")
add("feedback loop latent", "f =~ a1+a2+a3\ng =~ b1+b2+b3\nf ~ g + x1\ng ~ f + x2")
add("mimic", "f =~ y1 + y2 + y3\nf ~ x1 + x2 + x3")
add("mimic means", "f =~ y1 + y2 + y3\nf ~ x1 + x2 + x3", meanstructure = TRUE)
add("mimic direct effect", "f =~ y1 + y2 + y3\nf ~ x1 + x2\ny3 ~ x1")
add("mimic some random x", "f =~ y1 + y2 + y3\nf ~ x1 + x2 + x3\nx1 ~~ x2")
add("mimic x intercept", "f =~ y1 + y2 + y3\nf ~ x1 + x2 + x3\nx2 ~ 1")
add("indicator as predictor", "f =~ y1 + y2 + y3\nz ~ y1 + f")
add("indicator as outcome", "f =~ y1 + y2 + y3\ny2 ~ x1")
add("observed covariate with latents", "f =~ a1+a2+a3\ng =~ b1+b2+b3\ng ~ f + x")
add("covariate covaries with latent", "f =~ a1+a2+a3\ng =~ b1+b2+b3\ng ~ f + x\nf ~~ x")
add("single indicator", "f =~ a1+a2+a3\ng =~ b1\nf ~ g")
add("single indicator with reliability", "f =~ a1+a2+a3\ng =~ 1*b1\nb1 ~~ .2*b1\nf ~ g")
add("single indicator shared", "f =~ a1+a2+a3\ng =~ a3\nh =~ b1")
add("two single indicators of one variable", "f =~ a1\ng =~ a1\nh =~ a1 + a2 + a3")
add("single indicator std.lv", "f =~ a1+a2+a3\ng =~ b1\nf ~ g", std.lv = TRUE)
add("single second order", "f =~ a1+a2+a3\ng =~ f\ng ~ x")
add("phantom", "f =~ a1+a2+a3\np =~ 0\np ~ 2*f\ny ~ p")
add("growth", "i =~ 1*t1+1*t2+1*t3+1*t4\ns =~ 0*t1+1*t2+2*t3+3*t4\ni ~ x1+x2\ns ~ x1+x2\nt1+t2+t3+t4 ~ 0*1\ni+s ~ 1")
add("growth plain", "i =~ 1*t1+1*t2+1*t3\ns =~ 0*t1+1*t2+NA*t3\ni ~ 1\ns ~ 1\nt1 ~ 0\nt2 ~ 0\nt3 ~ 0\nt1 ~~ v*t1\nt2 ~~ v*t2\nt3 ~~ v*t3")
add("latent mean", "f =~ x1+x2+x3\nf ~ 1\nx1 ~ 0*1")
add("labels everywhere", "f =~ l1*x1 + l2*x2 + l2*x3\nx1 ~~ v*x1\nx2 ~~ v*x2\nx3 ~~ v*x3")
add("label meets marker", "f =~ a*x1 + a*x2 + a*x3")
add("tau equivalent", "f =~ NA*x1 + a*x1 + a*x2 + a*x3\nf ~~ 1*f")
add("NA frees first", "f =~ NA*x1 + x2 + x3\nf ~~ 1*f")
add("fixed second loading", "f =~ x1 + 1*x2 + x3")
add("fixed numbers", "f =~ .5*x1 + 1.5*x2 + -1*x3 + 1e-1*x4 + 2*x5")
add("arithmetic modifiers", "f =~ x1 + 1/2*x2 + (1+1)*x3 + 2^2*x4 + sqrt(4)*x5 + -2*-3*x6 + x7")
add("start values", "f =~ x1 + start(.5)*x2 + .7?x3\nf ~~ start(2)*f\nx1 ~~ start(1/2)*x1")
add("label and start", "f =~ x1 + a*x2 + start(.5)*x2 + x3\ny ~ b*f + start(.2)*f")
add("NA and start", "f =~ NA*x1 + start(.8)*x1 + x2 + x3\nf ~~ 1*f")
add("equal modifier", "f =~ x1 + x2 + equal(\"f=~x2\")*x3 + equal('f =~ x2')*x4")
add("label function", "f =~ x1 + label(\"a\")*x2 + label(\"a\")*x3 + \"b\"*x4 + \"b\"*x5")
add("constraints", "f =~ x1 + a*x2 + b*x3\ny ~ c*f\na == b\nc == 2*a - 1\nd := a*exp(c)\nx2 ~~ v*x2\nv == .p8.")
add("constraint on definition", "y ~ a*x + b*z\nd := a + b\nd == 1")
add("definition of definitions", "y ~ a*x + b*z\nd := a + b\ne := d^2 / sqrt(a)\ng := -e")
add("merged repetition", "f =~ x1 + x2 + x2 + x3 + a*x3")
add("several on the left", "f + g =~ x1 + x2 + x3\ny1 + y2 ~ f + g\ny1 + y2 ~~ x1")
add("self and others", "f =~ x1+x2+x3\nx1 ~~ x1 + x2\nx2 ~~ x2 + x3")
add("orphan", "f =~ x1+x2+x3\nz ~~ z\nw ~ 1")
add("orphans covary", "x1 ~~ x2 + x3\nx2 ~~ x3")
add("covariance with latent", "f =~ x1+x2+x3\nz ~~ f\nw ~~ f + x1")
add("comments and continuation", "# model\nf =~ x1 +   # first\n  x2 +\n\n x3\n+ x4 ! more\n\ny ~ f; z ~ y +\nf\n")
add("names", "F.1 =~ item_1 + item.2 + .x3\n信任 =~ 题1 + 题2 + 题3\n信任 ~ 路径*F.1\n间接 := 路径*路径")
add("covariance fixed", "f =~ x1+x2+x3\ng =~ x4+x5+x6\nf ~~ 0*g\nx1 ~~ .3*x2")
add("variance freed under std.lv", "f =~ x1+x2+x3\nf ~~ NA*f", std.lv = TRUE)
add("loading zero", "f =~ x1+x2+x3+0*x4\ng =~ x4+x5+x6")
add("interaction products", "f1 =~ x1+x2+x3\nf2 =~ x4+x5+x6\nf12 =~ x1.x4+x2.x5+x3.x6\nf3 =~ x7+x8+x9\nf3 ~ f1+f2+f12\nf12 ~~ 0*f1+0*f2", meanstructure = TRUE)

# social capital models
meas <- "S =~ STD+SRB+SRI\nR =~ RTT+RRN+RFB\nC =~ CSV+CSL+CIN\nPI =~ PIP+PIS+PIC+PIN\nLM =~ 1*PCM\nPCM ~~ .2*PCM\nLP =~ 1*PRC\nPRC ~~ .25*PRC\n"
add_block <- "PIC ~ dC*C\nPIN ~ eC*C\nPI ~ gS*S + gR*R + gC*C + gM*LM + gP*LP"
facets <- paste(sprintf("%s =~ %s", c("STD","SRB","SRI","RTT","RRN","RFB","CSV","CSL","CIN"),
  sapply(c("STD","SRB","SRI","RTT","RRN","RFB","CSV","CSL","CIN"), function(f) paste0(f, 1:4, collapse = "+"))), collapse = "\n")
add("nine facets", facets)
add("nine facets second order", paste0(facets, "\nS =~ STD+SRB+SRI\nR =~ RTT+RRN+RFB\nC =~ CSV+CSL+CIN"))
add("nine facets one factor", paste0(facets, "\nG =~ STD+SRB+SRI+RTT+RRN+RFB+CSV+CSL+CIN"))
add("additive", paste0(meas, add_block))
add("synergy factor", paste0(meas, "G =~ S + R + C\nPIC ~ C\nPIN ~ C\nPI ~ G + LM + LP\nG ~~ 0*LM + 0*LP\nS ~~ LM + LP\nR ~~ LM + LP\nC ~~ LM + LP"))
chain <- "R ~ a1*S\nC ~ a2*S + b1*R\nPI ~ gS*S + gR*R + gC*C + gM*LM + gP*LP\nPIC ~ dC*C\nPIN ~ eC*C\nLM ~~ S + LP\nLM ~~ R\nLM ~~ C\nLP ~~ S\nLP ~~ R\nLP ~~ C\nind_SR  := a1*gR\nind_SC  := a2*gC\nind_SRC := a1*b1*gC\ntot_S   := gS + a1*gR + a2*gC + a1*b1*gC"
add("chain", paste0(meas, chain))
add("chain means", paste0(meas, chain), meanstructure = TRUE)
pairwise <- "SR =~ sr1+sr2+sr3\nSC =~ sc1+sc2+sc3\nRC =~ rc1+rc2+rc3\nsr1 ~~ sc1 + rc1\nsc1 ~~ rc1\nsr2 ~~ sc2 + rc2\nsc2 ~~ rc2\nsr3 ~~ sc3 + rc3\nsc3 ~~ rc3\nPIC ~ dC*C\nPIN ~ eC*C\n"
pi2 <- "PI ~ gS*S + gR*R + gC*C + gSR*SR + gSC*SC + gRC*RC + gM*LM + gP*LP"
add("pairwise synergy", paste0(meas, pairwise, pi2))
three <- "SRC =~ src1+src2+src3\nsrc1 ~~ STD + RTT + CSV + sr1 + sc1 + rc1\nsrc2 ~~ SRB + RRN + CSL + sr2 + sc2 + rc2\nsrc3 ~~ SRI + RFB + CIN + sr3 + sc3 + rc3\nPI ~ gSRC*SRC\n"
add("three-way synergy", paste0(meas, pairwise, pi2, "\n", three))
add("charity show", paste0(meas, pairwise, "LM ~ S + R + C + SR + SC + RC + LP\nPI ~ S + R + C"))
quad <- "SS =~ ss1+ss2+ss3\nRR =~ rr1+rr2+rr3\nCC =~ cc1+cc2+cc3\nss1 ~~ sr1 + sc1\nrr1 ~~ sr1 + rc1\ncc1 ~~ sc1 + rc1\nPI ~ qSS*SS + qRR*RR + qCC*CC"
add("balance", paste0(meas, pairwise, pi2, "\n", quad))
between <- paste(sprintf("RI%s =~ 1*%s1+1*%s2+1*%s3", c("s","r","p"), c("s","r","p"), c("s","r","p"), c("s","r","p")), collapse = "\n")
within <- paste(sprintf("w%s%d =~ 1*%s%d", rep(c("s","r","p"), each = 3), 1:3, rep(c("s","r","p"), each = 3), 1:3), collapse = "\n")
zero <- paste(sprintf("%s%d ~~ 0*%s%d", rep(c("s","r","p"), each = 3), 1:3, rep(c("s","r","p"), each = 3), 1:3), collapse = "\n")
lag <- paste(sprintf("ws%d ~ ss*ws%d + sr*wr%d\nwr%d ~ rs*ws%d + rr*wr%d\nwp%d ~ ps*ws%d + pr*wr%d + pp*wp%d", 2:3, 1:2, 1:2, 2:3, 1:2, 1:2, 2:3, 1:2, 1:2, 1:2), collapse = "\n")
cov <- "RIs ~~ RIs + RIr + RIp\nRIr ~~ RIr + RIp\nRIp ~~ RIp\nws1 ~~ ws1 + wr1 + wp1\nwr1 ~~ wr1 + wp1\nwp1 ~~ wp1\nws2 ~~ ws2 + wr2 + wp2\nwr2 ~~ wr2 + wp2\nwp2 ~~ wp2\nws3 ~~ ws3 + wr3 + wp3\nwr3 ~~ wr3 + wp3\nwp3 ~~ wp3\nloop := sr*rs"
add("ri-clpm", paste(between, within, zero, lag, cov, sep = "\n"))
add("ri-clpm defaults", paste(between, within, zero, lag, sep = "\n"), meanstructure = TRUE)
add("clpm observed", "x2 + y2 ~ x1 + y1\nx3 + y3 ~ x2 + y2\nx1 ~~ y1\nx2 ~~ y2\nx3 ~~ y3")

# groups
ladder <- list(configural = NULL, metric = "loadings", scalar = c("loadings", "intercepts"),
  strict = c("loadings", "intercepts", "residuals"), means = c("loadings", "intercepts", "means"),
  variances = c("loadings", "lv.variances"), covariances = c("loadings", "lv.covariances"),
  everything = c("loadings", "intercepts", "means", "regressions", "residuals", "residual.covariances", "lv.variances", "lv.covariances"),
  intercepts = "intercepts", thresholds = "thresholds", residuals = "residuals")
for (k in names(ladder)) {
  add(paste("groups", k), hs, ngroups = 2, group.equal = ladder[[k]])
  add(paste("groups std.lv", k), hs, ngroups = 2, group.equal = ladder[[k]], std.lv = TRUE)
}
add("three groups scalar", hs, ngroups = 3, group.equal = c("loadings", "intercepts"))
add("groups partial", hs, ngroups = 2, group.equal = c("loadings", "intercepts"), group.partial = c("x3~1", "x7~1", "visual=~x2"))
add("groups without means", hs, ngroups = 2, meanstructure = FALSE, group.equal = "loadings")
add("groups bollen", bollen, ngroups = 2)
add("groups bollen everything", bollen, ngroups = 2, group.equal = ladder$everything)
add("groups bollen regressions", bollen, ngroups = 2, group.equal = "regressions")
add("groups residual covariances", "f =~ x1+x2+x3+x4\nx1 ~~ x2\nx3 ~~ x4", ngroups = 2, group.equal = c("loadings", "residual.covariances"))
add("groups second order", paste0(hs, "\ng =~ visual + textual + speed"), ngroups = 2, group.equal = c("loadings", "intercepts"))
add("groups mimic", "f =~ y1+y2+y3\nf ~ x1+x2", ngroups = 2, group.equal = c("loadings", "intercepts", "regressions"))
add("groups plain label", "f =~ x1 + a*x2 + x3\ny ~ b*f", ngroups = 2)
add("groups vectors", "f =~ x1 + c(a, b)*x2 + c(1, NA)*x3 + c(.5, .6)*x4 + c(\"l\", \"l\")*x5 + c(NA, NA)*x6\nd := a - b", ngroups = 2)
add("groups start vectors", "f =~ x1 + start(c(.5, .6))*x2 + start(1, 2)*x3 + c(a1, a2)*x4 + start(c(.1, .2))*x4", ngroups = 2)
add("groups labels and equal", "f =~ x1 + c(a, b)*x2 + x3\na == b", ngroups = 2, group.equal = "loadings")
add("groups intercept vectors", "f =~ x1+x2+x3\nf ~ c(0, NA)*1\nx1 ~ c(i, i)*1", ngroups = 2)
add("groups equal modifier", "f =~ x1 + x2 + equal(\"f=~x2\")*x3", ngroups = 2)
add("groups variance one", "f =~ NA*x1 + x2 + x3\nf ~~ c(1, NA)*f", ngroups = 2, group.equal = "loadings")
add("groups latent mean written", "f =~ x1+x2+x3\nf ~ 1", ngroups = 2, group.equal = c("loadings", "intercepts"))
add("groups path", "m ~ c(a1, a2)*x\ny ~ c(b1, b2)*m + x\nd := a1*b1 - a2*b2", ngroups = 2)
add("groups single indicator", "f =~ a1+a2+a3\ng =~ b1\nf ~ g", ngroups = 2, group.equal = c("loadings", "intercepts", "residuals"))
add("blocks", "group: 1\nf =~ x1 + x2 + x3\ngroup: 2\nf =~ x1 + a*x2 + x3\nx1 ~~ x2", ngroups = 2)
add("blocks metric", "group: 1\nf =~ x1 + x2 + x3\ny ~ f\ngroup: 2\nf =~ x1 + x2 + x3\ny ~ 0*f", ngroups = 2, group.equal = c("loadings", "intercepts"))

# ordered
th <- function(...) as.list(setNames(c(...), paste0("x", seq_along(c(...)))))
add("ordered", "f =~ x1 + x2 + x3 + x4", nthresholds = th(3, 3, 2, 1), meanstructure = TRUE)
add("ordered some", hs, nthresholds = list(x2 = 3, x5 = 1), meanstructure = TRUE)
add("ordered std.lv", hs, nthresholds = th(4, 4, 4, 4, 4, 4, 4, 4, 4), std.lv = TRUE, meanstructure = TRUE)
add("ordered thresholds written", "f =~ x1 + x2 + x3 + x4\nx1 | a*t1 + t2\nx2 | 0*t1 + start(1)*t2", nthresholds = th(3, 2, 2, 1), meanstructure = TRUE)
add("ordered scale written", "f =~ x1 + x2 + x3 + x4\nx1 ~*~ NA*x1\nx2 ~*~ 1*x2\nx3 ~ 1", nthresholds = th(3, 3, 2, 1), meanstructure = TRUE)
add("ordered residual written", "f =~ x1 + x2 + x3 + x4\nx1 ~~ x2\nx3 ~~ x3", nthresholds = th(3, 3, 2, 1), meanstructure = TRUE)
add("ordered mimic", "f =~ x1 + x2 + x3\nf ~ z1 + z2\ny ~ f + z1", nthresholds = th(3, 3, 2), meanstructure = TRUE)
add("ordered mimic conditional", "f =~ x1 + x2 + x3\nf ~ z1 + z2\ny ~ f + z1", nthresholds = th(3, 3, 2), meanstructure = TRUE, conditional.x = TRUE)
add("ordered groups", hs, nthresholds = th(4, 4, 4, 4, 4, 4, 4, 4, 4), ngroups = 2)
add("ordered groups metric", hs, nthresholds = th(4, 4, 4, 4, 4, 4, 4, 4, 4), ngroups = 2, group.equal = "loadings")
add("ordered groups scalar", hs, nthresholds = th(4, 4, 4, 4, 4, 4, 4, 4, 4), ngroups = 2, group.equal = c("loadings", "thresholds", "intercepts"))
add("ordered groups thresholds std.lv", hs, nthresholds = th(4, 4, 4, 4, 4, 4, 4, 4, 4), ngroups = 2, group.equal = c("loadings", "thresholds", "intercepts"), std.lv = TRUE)
add("ordered groups strict", hs, nthresholds = th(2, 2, 2, 2, 2, 2, 2, 2, 2), ngroups = 2, group.equal = c("loadings", "thresholds", "intercepts", "residuals"))
add("ordered groups partial", hs, nthresholds = th(2, 2, 2, 2, 2, 2, 2, 2, 2), ngroups = 2, group.equal = c("loadings", "thresholds", "intercepts"), group.partial = c("x1|t1", "textual=~x5"))

write_json(cases, "lavaan_tables.json", auto_unbox = TRUE, digits = NA, na = "null")
cat(length(cases), "tables\n")
