@title: BÁO CÁO Công tác tiếp dân quý II
@place: thành phố Sơn La
@province: Sơn La
@level: city
@date: 2020-06-28
@year: 2020
@kind: quarterly
@layout: clean
@phenomena: N14
---
Trong {P1 quý II} Ban tiếp công dân {L1 thành phố Sơn La} đã tiếp {Q1 214} {U lượt}, {I1 nhận đơn} {Q2 37} {U đơn} (trong đó {Q3 05} {U đơn} {I2 tố cáo}).
%% Q1 p=P1; Q2 m=I1 p=P1; Q3 m=I2 of=Q2
