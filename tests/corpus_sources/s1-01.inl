@title: BÁO CÁO Kết quả sản xuất vụ đông
@place: xã Mường Bú, huyện Mường La
@province: Sơn La
@level: commune
@date: 2018-12-05
@year: 2018
@kind: sector: agriculture
@layout: wrap=50 double page=9 notebar=space
@phenomena: N3 N4
---
I. TRỒNG TRỌT
{I1 Tổng diện tích gieo trồng} {P1 vụ đông 2018} toàn {L1 xã Mường Bú} ước đạt {Q1 1.240} {U ha}[[1]], bằng {Q2 96,5}{U %} kế hoạch, trong đó {I2 ngô} {Q3 310}{U ha}, {I3 rau màu} {Q4 28,4}{U ha}.
%% Q1 m=I1 p=P1 l=L1 +est; Q2 r=Q1 basis=plan; Q3 m=I2 of=Q1; Q4 m=I3 of=Q1
[[1]]: Theo {G1 Quyết định số 118/QĐ-UBND ngày 04/9/2018 của UBND {L huyện Mường La}}.
{Q5 17/19} {U bản} {I4 có tổ thủy lợi}; {J1 Dự án Kè {L suối Nậm Păm}} được cấp {Q6 2,4} {U tỷ đồng} theo {G2 Nghị quyết của HĐND huyện}.
%% Q5 m=I4; J1 f=Q6 b=G2
