# glmmTMB: maximum likelihood by the Laplace approximation. Rscript glmmtmb.R FOLDER
folder <- commandArgs(TRUE)[1]
begun <- proc.time()[["elapsed"]]
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "shared.R"))
suppressWarnings(suppressMessages(library(glmmTMB)))
read <- read_case(folder)
case <- read$case
imported <- proc.time()[["elapsed"]]
family <- list("binomial" = binomial(), "poisson" = poisson(), "negative-binomial" = nbinom2(),
  "beta-binomial" = betabinomial())[[case$family]]
left <- if (case$family %in% c("binomial", "beta-binomial")) "cbind(upper, rest) ~" else "upper ~ offset(log_n) +"
fit <- glmmTMB(as.formula(paste(left, right_hand_side(case))), read$areas, family = family)
fitted <- proc.time()[["elapsed"]]
sds <- group_sds(VarCorr(fit)$cond, case)
if (!("sd_area" %in% names(sds))) sds <- c(sds, dispersion = 1 / sqrt(sigma(fit)))
errors <- sqrt(diag(vcov(fit)$cond))
write_result(folder, c(import = imported - begun, fit = fitted - imported),
  likelihood_estimates(fixef(fit)$cond, errors, sds))
