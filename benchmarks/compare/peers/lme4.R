# lme4: maximum likelihood in its fastest mode (nAGQ = 0). Rscript lme4.R FOLDER
folder <- commandArgs(TRUE)[1]
begun <- proc.time()[["elapsed"]]
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "shared.R"))
suppressMessages(library(lme4))
read <- read_case(folder)
case <- read$case
imported <- proc.time()[["elapsed"]]
if (case$family == "binomial") {
  fit <- glmer(as.formula(paste("cbind(upper, rest) ~", right_hand_side(case))), read$areas, binomial, nAGQ = 0)
} else {
  fit <- glmer(as.formula(paste("upper ~ offset(log_n) +", right_hand_side(case))), read$areas, poisson, nAGQ = 0)
}
fitted <- proc.time()[["elapsed"]]
errors <- sqrt(diag(as.matrix(vcov(fit))))
write_result(folder, c(import = imported - begun, fit = fitted - imported),
  likelihood_estimates(fixef(fit), errors, group_sds(VarCorr(fit), case)))
