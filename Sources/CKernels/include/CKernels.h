#pragma once
#include "dispatch.h"
#include "matrix.h"
