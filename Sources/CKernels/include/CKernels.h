#pragma once
#include "convolution.h"
#include "dispatch.h"
#include "elementwise.h"
#include "matrix.h"
#include "resample.h"
#include "rows.h"
#include "slate.h"
